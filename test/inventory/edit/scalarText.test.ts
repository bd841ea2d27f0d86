import { parseDocument } from 'yaml';
import { scalarText } from '../../../src/inventory/edit/entryLines';

describe('a reason that is written into the inventory', () => {
  it.each(['no', 'Yes', 'on', 'null', 'y', '2012-10-17', '1:30'])(
    'stands in quotes where other readers of YAML take %s for something else',
    (text) => {
      expect(scalarText(text)).toBe(`"${text}"`);
      expect(parseDocument(scalarText(text), { version: '1.1' }).toJS()).toBe(text);
    },
  );

  it.each(['no SDK yet', 'rehearsed twice'])('stays plain where nobody can mistake it: %s', (text) => {
    expect(scalarText(text)).toBe(text);
  });
});
