import { randomInt } from 'node:crypto';

/** A word that is replaced: letters and digits. */
export interface Word {
  readonly word: string;
  /** A wildcard or a placeholder stands right before it: it is the end of longer words. */
  readonly openStart: boolean;
  /** The same right behind it: it is the beginning of longer words. */
  readonly openEnd: boolean;
  /** It is not replaced, nor is it as a part of longer words. */
  readonly stays?: boolean;
}

/** There are no random names that would do: the message says for which word. */
export class NoPseudonym extends Error {}

/**
 * Random names for words, the same for the same word whatever its case. A random word has the length of the word, and letters and digits where the word
 * has them. What a wildcard makes of a word stays: `ord*` goes with `orders` and with nothing that it did not go with before. Throws `NoPseudonym`.
 *
 * @param words all words that there are
 * @param kept words (lower case) that no random word may be
 */
export function pseudonyms(words: readonly Word[], kept: ReadonlySet<string>): (word: string) => string {
  const all = [...new Set(words.map(({ word }) => word.toLowerCase()))];
  const pieces = piecesOf(words);
  const segments = segmentsOf(all, pieces);
  const segmentsIn = (word: string): readonly string[] => segments.get(word) ?? [word];
  const staying = new Set(words.flatMap(({ word, stays }) => (stays === true ? segmentsIn(word.toLowerCase()) : [])));
  const images = new Images(new Set([...kept, ...all].filter((word) => word.length > 2)), staying);
  const imageOf = (word: string): string =>
    segmentsIn(word)
      .map((one) => images.of(one))
      .join('');
  for (let round = 0; ; round++) {
    const readable = all.filter((word) => isReadable(segmentsIn(word), images));
    for (const word of readable) images.replaceAll(segmentsIn(word));
    const wrong = [...readable, ...wrongWords(all, pieces, imageOf)];
    if (wrong.length === 0) break;
    if (round === MOST_ROUNDS) throw new NoPseudonym(`there is no random name for ${JSON.stringify(wrong[0])}`);
    for (const word of wrong) for (const segment of segmentsIn(word)) images.forget(segment);
  }
  return (word) => inCaseOf(word, imageOf(word.toLowerCase()));
}

/** Whether segments that stay, since each is too short to name anything, are more than that together: `a*`, `ac*` and `acm*` cut `acme` in four. */
function isReadable(segments: readonly string[], images: Images): boolean {
  const kept = segments.map((one) => (images.of(one) === one && !images.staying.has(one) ? one : ' ')).join('');
  return kept.split(' ').some((run) => run.length > 4 || (run.length === 4 && /\D/.test(run)));
}

/** A few are enough where random words are long; more than this means that there are no other words of this length. */
const MOST_ROUNDS = 100;

/** The words next to wildcards, in lower case, each once. */
function piecesOf(words: readonly Word[]): readonly Word[] {
  const open = words.filter(({ openStart, openEnd }) => openStart || openEnd);
  const pieces = open.map(({ word, ...sides }) => ({ word: word.toLowerCase(), ...sides }));
  return [...new Map(pieces.map((piece) => [JSON.stringify(piece), piece])).values()];
}

/** Where a longer word has a piece, as the wildcards of the piece allow. */
function startsIn(longer: string, { word, openStart, openEnd }: Word): readonly number[] {
  if (!openStart) return longer.startsWith(word) ? [0] : [];
  if (!openEnd) return longer.endsWith(word) ? [longer.length - word.length] : [];
  const starts: number[] = [];
  for (let start = longer.indexOf(word); start >= 0; start = longer.indexOf(word, start + 1)) starts.push(start);
  return starts;
}

/**
 * Each word in segments, such that a piece is whole segments of every word that has it, and a segment that is a word by itself (what a placeholder stands
 * for) is cut as that word is.
 */
function segmentsOf(all: readonly string[], pieces: readonly Word[]): ReadonlyMap<string, readonly string[]> {
  const cuts = new Map(all.map((word) => [word, new Set<number>()]));
  const links = pieces.flatMap((piece) =>
    all.flatMap((word) => startsIn(word, piece).map((start): Link => ({ word, start, part: piece.word }))),
  );
  for (;;) {
    alignCuts(cuts, links);
    const segments = new Map([...cuts].map(([word, found]) => [word, cutAt(word, found)]));
    const known = new Set(links.map((link) => JSON.stringify(link)));
    const further = [...segments]
      .flatMap(([word, parts]) => linksTo(word, parts))
      .filter((link) => cuts.has(link.part) && !known.has(JSON.stringify(link)));
    if (further.length === 0) return segments;
    links.push(...further);
  }
}

/** A word has another one as a part of it. */
interface Link {
  readonly word: string;
  readonly start: number;
  readonly part: string;
}

/** Cuts words where their parts are cut, and the parts where the words are, until nothing is to be cut. */
function alignCuts(cuts: ReadonlyMap<string, Set<number>>, links: readonly Link[]): void {
  let changed = links.length > 0;
  while (changed) {
    changed = false;
    for (const { word, start, part } of links) {
      const outer = cuts.get(word) ?? new Set();
      const inner = cuts.get(part) ?? new Set();
      const before = outer.size + inner.size;
      for (const cut of [0, part.length, ...inner]) outer.add(start + cut);
      for (const cut of [...outer]) if (cut > start && cut < start + part.length) inner.add(cut - start);
      if (outer.size + inner.size > before) changed = true;
    }
  }
}

function cutAt(word: string, cuts: ReadonlySet<number>): readonly string[] {
  const at = [...new Set([0, ...cuts, word.length])].toSorted((one, other) => one - other);
  return at.slice(1).map((end, index) => word.slice(at[index], end));
}

/** The parts of a word that is cut. */
function linksTo(word: string, parts: readonly string[]): readonly Link[] {
  if (parts.length < 2) return [];
  let start = 0;
  return parts.map((part) => {
    const link = { word, start, part };
    start += part.length;
    return link;
  });
}

/** Words whose image is another word's, or goes with a wildcard otherwise than the word does. */
function wrongWords(
  all: readonly string[],
  pieces: readonly Word[],
  imageOf: (word: string) => string,
): readonly string[] {
  const owners = new Map<string, string>();
  const images = pieces.map((piece): Word => ({ ...piece, word: imageOf(piece.word) }));
  return all.filter((word) => {
    const image = imageOf(word);
    const owner = owners.get(image) ?? word;
    owners.set(image, owner);
    const goesWith = (longer: string, those: readonly Word[]) => those.map((piece) => startsIn(longer, piece).join());
    return owner !== word || goesWith(word, pieces).join(' ') !== goesWith(image, images).join(' ');
  });
}

/** Random letters and digits for segments. */
class Images {
  readonly #images = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #replaced = new Set<string>();

  /**
   * @param excluded what no segment becomes
   * @param staying segments that are not replaced
   */
  constructor(
    excluded: ReadonlySet<string>,
    readonly staying: ReadonlySet<string>,
  ) {
    this.#taken = new Set(excluded);
  }

  of(segment: string): string {
    const known = this.#images.get(segment);
    if (known !== undefined) return known;
    const image = this.#draw(segment);
    this.#images.set(segment, image);
    this.#taken.add(image);
    return image;
  }

  forget(segment: string): void {
    this.#images.delete(segment);
  }

  /** Replaces segments also where they name nothing. */
  replaceAll(segments: readonly string[]): void {
    for (const segment of segments) this.#replaced.add(segment);
  }

  #draw(segment: string): string {
    if (this.staying.has(segment) || (NAMES_NOTHING.test(segment) && !this.#replaced.has(segment))) return segment;
    for (let attempt = 0; attempt < MOST_DRAWS; attempt++) {
      const few = segment.length < 3 || attempt > MOST_DRAWS / 2;
      const letters = HASH.test(segment) ? HEXADECIMAL : few ? ALPHABET : CONSONANTS;
      const image = segment.replace(/./gsu, (one, index: number) => randomLike(one, index, letters));
      if (!this.#taken.has(image)) return image;
    }
    throw new NoPseudonym(`there are not enough random names of ${segment.length} letters`);
  }
}

/** One character, or a number of at most four digits. */
const NAMES_NOTHING = /^(.|\d{1,4})$/u;
/** The id of an OIDC issuer, for example. */
const HASH = /^[\da-f]{16,}$/;

const MOST_DRAWS = 10_000;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/** Without vowels no random word is one of a language. */
const CONSONANTS = 'bcdfghjklmnpqrstvwxz';
const HEXADECIMAL = 'abcdef';

/** A number does not begin with 0: it can be read as one. */
function randomLike(character: string, index: number, letters: string): string {
  if (/\d/.test(character)) return String(index === 0 ? randomInt(1, 10) : randomInt(10));
  return letters.charAt(randomInt(letters.length));
}

function inCaseOf(word: string, image: string): string {
  return image.replace(/[a-z]/g, (one, index: number) =>
    /\p{Lu}/u.test(word.charAt(index)) ? one.toUpperCase() : one,
  );
}
