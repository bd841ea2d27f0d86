import { dirname, relative, sep } from 'node:path';

/** The folder and all folders above it, the nearest first. */
export function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}

/** A path as files name it, with `/`; `.` for the folder itself. */
export function fromFolder(folder: string, path: string): string {
  const short = relative(folder, path);
  return short === '' ? '.' : short.split(sep).join('/');
}
