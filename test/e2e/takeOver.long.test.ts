import { takeOver } from './takeOver';

describe('a cluster that tools and people left, up to Pod Identity', () => {
  takeOver({ moved: true });
});
