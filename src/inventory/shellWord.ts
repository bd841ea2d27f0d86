import { INVISIBLE } from './printable';

/** Words that no POSIX shell changes. zsh takes `=word` for the path of a command, and a shell takes `~` for a home folder. */
const SAFE = /^[\w@%+:,./-][\w@%+=:,./-]*$/;

/** What `printf` prints as it is, also between double quotes and for a shell with a history (`!`). */
const PLAIN_IN_FORMAT = /[^\w@+=,./ -]/gu;

/**
 * A word as a POSIX shell takes it, quoted where it has to be. The quoted word shows each of its characters: for line breaks, control characters
 * and directions the shell runs `printf`. Quoting does not hide that a word is an option: write `./` before a file (`pathWord`), and
 * `--option=value` before another value that can begin with `-`.
 * Sources: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html (2.2 Quoting, 2.6.3 Command Substitution),
 * https://zsh.sourceforge.io/Doc/Release/Expansion.html (`=` expansion)
 */
export function shellWord(word: string): string {
  if (SAFE.test(word)) return word;
  const shown = word.search(INVISIBLE) < 0 && !/##(?:\[|vso\[)/i.test(word);
  return shown ? singleQuoted(word) : printed(word);
}

/** A path as a shell word that no command takes for an option. */
export function pathWord(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** A command as a line for a POSIX shell. Variables before the command (`NAME=value`) stay assignments. */
export function shellLine(argv: readonly string[]): string {
  const command = argv.findIndex((word) => !ASSIGNMENT.test(word));
  return argv
    .map((word, index) => {
      const [, name = '', value = ''] = index < command ? (ASSIGNMENT.exec(word) ?? []) : [];
      return name === '' ? shellWord(word) : `${name}${shellWord(value)}`;
    })
    .join(' ');
}

const ASSIGNMENT = /^([A-Za-z_]\w*=)(.*)$/s;

function singleQuoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command substitution loses line breaks at its end: they stand behind it. */
function printed(word: string): string {
  const text = word.replace(/\n+$/, '');
  const end = word.slice(text.length);
  const format = text.replace(PLAIN_IN_FORMAT, (character) =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  );
  // `--`: the format can begin with -.
  const substitution = text === '' ? '' : `"$(printf -- '${format}')"`;
  return `${substitution}${end === '' ? '' : `'${end}'`}`;
}
