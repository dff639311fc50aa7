import { createRoot } from 'react-dom/client';
import { startI18n } from './i18n/index.ts';
import { App } from './shell/app.tsx';

startI18n();
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
