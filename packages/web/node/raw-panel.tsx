import type { NodePage } from '@clockwarden/api/console';
import { useTranslation } from 'react-i18next';
import { Panel } from '../shell/panel.tsx';
import { CopyButton } from '../values/copy.tsx';
import { Provenance } from './provenance.tsx';
import rawStyles from './raw-panel.module.css';

/** What the node's own programs printed, and the files its daemon was given, word for word. */
export function RawPanel({ page, receivedAt }: { readonly page: NodePage; readonly receivedAt: number }) {
  const { t } = useTranslation();
  const outputs = Object.entries(page.raw?.value ?? {});
  const files = page.configFiles?.value ?? [];
  if (outputs.length === 0 && files.length === 0) return null;
  const origin = page.raw ?? page.configFiles;
  return (
    <Panel
      title={t('raw.title')}
      actions={origin === null ? undefined : <Provenance {...origin} receivedAt={receivedAt} />}
    >
      {outputs.map(([command, output]) => (
        <Verbatim key={command} name={command} content={output} />
      ))}
      {files.map((file) => (
        <Verbatim
          key={file.path}
          name={file.truncated ? `${file.path} (${t('raw.truncated')})` : file.path}
          content={file.content}
        />
      ))}
    </Panel>
  );
}

function Verbatim({ name, content }: { readonly name: string; readonly content: string }) {
  const { t } = useTranslation();
  return (
    <details className={rawStyles.verbatim}>
      <summary>
        <code>{name}</code>
      </summary>
      <div className={rawStyles.content}>
        <CopyButton text={content} what={name} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <section tabIndex={0} aria-label={name}>
          <pre>{content || t('raw.empty')}</pre>
        </section>
      </div>
    </details>
  );
}
