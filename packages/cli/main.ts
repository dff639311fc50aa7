#!/usr/bin/env -S node --max-semi-space-size=4
// The option keeps `serve` over ten thousand nodes below 400 MiB; V8 takes it at its start only.
/** What runs as `clockwarden`. Its parts are kept compiled, so that the next start takes less time. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const { HOME, XDG_CACHE_HOME } = process.env;
const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
// Where it cannot be written it is done without.
if (cache) enableCompileCache(join(cache, 'clockwarden', 'compiled'));
await import('./command-line.ts');
