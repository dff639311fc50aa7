import { testGuides } from './carry-out.ts';
import { longGuides } from './clusters.ts';

testGuides(longGuides);
