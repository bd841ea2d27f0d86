import { existingEstate } from './existingEstate';

describe('the estate of examples/existing-estate', () => {
  existingEstate();
});
