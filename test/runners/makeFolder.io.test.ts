import { existsSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../src/runners/makeFolder';
import { folderOf, removeFolders } from '../inventory/fixtures';

describe('makeFolder', () => {
  afterAll(removeFolders);

  it('creates a folder and those above it, and takes one that exists', () => {
    const folder = join(folderOf({}), 'a', 'b');
    makeFolder(folder, 0o700);
    makeFolder(folder, 0o700);
    expect(statSync(folder).isDirectory()).toBe(true);
    expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700);
  });

  it('takes a link to a folder', () => {
    const folder = folderOf({});
    symlinkSync(folder, join(folder, 'link'));
    makeFolder(join(folder, 'link', 'new'));
    expect(existsSync(join(folder, 'new'))).toBe(true);
  });

  // Node's own mkdirSync with `recursive` never ends there.
  (existsSync('/proc/self') ? it : it.skip).each(['/proc/podlift', '/proc/podlift/a/b'])(
    'says that nothing can be created in /proc: %s',
    (folder) => {
      expect(() => {
        makeFolder(folder);
      }).toThrow('no folder can be created in /proc');
    },
  );

  it('says what the system says below a file and for a link that leads nowhere', () => {
    const folder = folderOf({ file: '' });
    expect(() => {
      makeFolder(join(folder, 'file', 'a'));
    }).toThrow('ENOTDIR');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(() => {
      makeFolder(join(folder, 'link'));
    }).toThrow('EEXIST');
  });
});
