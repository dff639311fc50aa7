/** The colours of base.css for those who draw on a canvas. */
import type { DisplayStatus } from '@clockwarden/core/assess';
import { useEffect, useState } from 'react';

export interface Tokens {
  readonly status: Readonly<Record<DisplayStatus, string>>;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly panel: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly warningTint: string;
  readonly criticalTint: string;
  readonly sans: string;
}

function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    status: {
      ok: token('ok'),
      warning: token('warning'),
      critical: token('critical'),
      undetermined: token('undetermined'),
      unreachable: token('unreachable'),
    },
    ink: token('ink'),
    soft: token('ink-soft'),
    line: token('line'),
    panel: token('panel'),
    accent: token('accent'),
    accentSoft: token('accent-soft'),
    warningTint: token('warning-tint'),
    criticalTint: token('critical-tint'),
    sans: token('sans'),
  };
}

/** Renewed when the theme changes. */
export function useTokens(): Tokens {
  const [tokens, setTokens] = useState(readTokens);
  useEffect(() => {
    const observer = new MutationObserver(() => setTokens(readTokens()));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    setTokens(readTokens());
    return () => observer.disconnect();
  }, []);
  return tokens;
}
