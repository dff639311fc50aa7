import { testGuides } from './carry-out.ts';
import { quickGuides } from './clusters.ts';

testGuides(quickGuides);
