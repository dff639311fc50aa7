/** What every implementation of a port must do, whether it is a fake or the real thing. */
export { type SourceUnderTest, sourceContract } from './source.ts';
