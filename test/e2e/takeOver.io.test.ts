import { takeOver } from './takeOver';

describe('a cluster that tools and people left, up to the import', () => {
  takeOver({ moved: false });
});
