/**
 * A glob as a regular expression over `/`-separated relative paths: `*` and `?` stay within one name, `**` as a whole piece
 * stands for any number of folders, everything else is itself. Names that begin with a dot match only a pattern that does too.
 */
export function globPattern(glob: string): RegExp {
  const pieces = glob.split('/').filter((piece) => piece !== '' && piece !== '.');
  let pattern = '';
  pieces.forEach((piece, index) => {
    const last = index === pieces.length - 1;
    if (piece === '**') pattern += last ? '(?:[^/.][^/]*/)*[^/.][^/]*' : '(?:[^/.][^/]*/)*';
    else pattern += namePattern(piece) + (last ? '' : '/');
  });
  return new RegExp(`^${pattern}$`);
}

/** True when a piece of a path, or a whole one, has something in it that `globPattern` does not take literally. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

function namePattern(piece: string): string {
  const guard = /^[*?]/.test(piece) ? '(?!\\.)' : '';
  return (
    guard +
    piece
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '[^/]*')
      .replace(/\?/g, '[^/]')
  );
}
