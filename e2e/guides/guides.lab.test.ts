/** The guide whose cluster needs nothing installed, carried out in every run; the others: guides.proof.test.ts. */
import { testGuides } from './carry-out.ts';

testGuides({
  'take-over-chrony': ['--nodes=3', '--image=chrony'],
});
