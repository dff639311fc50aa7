import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { ThemeProvider } from '@mui/material/styles';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { LiveProvider } from '../live/index.tsx';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';
import { PageError } from './page-error.tsx';
import { PageSkeleton } from './page-skeleton.tsx';
import { theme } from './theme.ts';

/** The server writes a fresh nonce into the page; without it the policy refuses MUI's styles. */
function nonceOfPage(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content || undefined;
}

const nonce = nonceOfPage();
const styles = createCache({ key: 'cw', prepend: true, ...(nonce === undefined ? {} : { nonce }) });

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, staleTime: 2_000 } },
});

const router = createBrowserRouter([
  {
    Component: Layout,
    ErrorBoundary: PageError,
    HydrateFallback: PageSkeleton,
    children: [
      {
        ErrorBoundary: PageError,
        children: [
          { index: true, lazy: () => import('../overview/overview-page.tsx') },
          { path: 'nodes', lazy: () => import('../nodes/nodes-page.tsx') },
          { path: 'nodes/:name', lazy: () => import('../node/node-page.tsx') },
          { path: 'explain', lazy: () => import('../explain/explain-page.tsx') },
          { path: '*', Component: NotFound },
        ],
      },
    ],
  },
]);

export function App() {
  return (
    <CacheProvider value={styles}>
      <ThemeProvider theme={theme} defaultMode="system">
        <QueryClientProvider client={queries}>
          <LiveProvider>
            <RouterProvider router={router} />
          </LiveProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </CacheProvider>
  );
}
