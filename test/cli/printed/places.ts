import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A value in a command that is known only when podlift runs: its expression, and whether it stands for any number of words. */
export interface Hole {
  readonly expression: string;
  readonly list: boolean;
}

/** A place in the source that makes a command which podlift prints. */
export interface Place {
  /** `src/operations/remedies.ts: get pods --field-selector {} -o yaml`. It has no line number, which changes often. */
  readonly name: string;
  /** The program; `place` where a template gives the words after the program, its context and its namespace. */
  readonly program: 'npx' | 'kubectl' | 'aws' | 'terraform';
  /** The words after the program. */
  readonly words: readonly (string | Hole)[];
}

const PROGRAMS = ['npx', 'kubectl', 'aws', 'terraform'] as const;

/** Templates of these names are no commands. */
const OTHER_TEMPLATES = new Set(['String.raw']);

/** A command in a text: at the start of a line, behind a colon, or between backquotes, to the end of the line or of the quotation. */
const IN_TEXT =
  /(?:^\s*|\n\s*|: |`)(?:PODLIFT_\w+=\S+ )?((?:npx (?:podlift|cdktf) [a-z]|kubectl (?:annotate|config|create|delete|get|patch|rollout) |aws [a-z-]+ [a-z-]+|terraform (?:-chdir|apply|init|plan|state|force-unlock))[^\n`]*)/g;

/** Files whose text is a page of the documentation, a line of progress, a command that podlift runs itself, or only in the sandbox. */
const NOT_PRINTED =
  /^src\/(sandbox|iam|catalogue|rehearsal|runners)\/|Page\.ts$|\/schema\/|\/probeJob\.ts$|cli\/started\.ts$/;

/** All places of the source that make a command. */
export function printingPlaces(): readonly Place[] {
  const files = ['src', 'stacks'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return [...files, 'main.ts'].filter((file) => file.endsWith('.ts') && !NOT_PRINTED.test(file)).flatMap(placesIn);
}

function placesIn(file: string): readonly Place[] {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Place[] = [];
  const add = (program: string | Hole | undefined, words: Place['words']): void => {
    const known = PROGRAMS.find((one) => one === program);
    if (known === undefined) return;
    const shown = words.map((word) => (typeof word === 'string' ? word : '{}')).join(' ');
    found.push({ name: `${file}: ${known} ${shown}`, program: known, words });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node)) {
      const tag = node.tag.getText(source);
      if (!OTHER_TEMPLATES.has(tag)) {
        const words = wordsOf(textOf(node.template, source));
        if (tag === 'run') add(words[0], words.slice(1));
        else add(programOfTag(tag), words);
      }
      return;
    }
    if (ts.isArrayLiteralExpression(node) && isCommand(node)) {
      const [first, ...others] = node.elements.map((one) => elementOf(one, source));
      add(first, others);
    } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) {
      for (const [, command = ''] of textOf(node, source).matchAll(IN_TEXT)) {
        const [program, ...words] = wordsOf(command.replace(/\. [A-Z].*$|\.$/, ''));
        add(program, words);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `aws(account)`, and the names that a file gives to it. All others are templates of kubectl. */
function programOfTag(tag: string): string {
  return /^(aws\(|aws$|iam$|eks$|cloudformation$)/.test(tag.replace(/\s/g, '')) ? 'aws' : 'kubectl';
}

/** Whether a list is the words of a command: it begins with the name of a program and of a command of it. */
function isCommand({ elements: [program, command] }: ts.ArrayLiteralExpression): boolean {
  const known = program !== undefined && ts.isStringLiteral(program) && PROGRAMS.some((one) => one === program.text);
  return known && command !== undefined && ts.isStringLiteral(command);
}

function elementOf(node: ts.Expression, source: ts.SourceFile): string | Hole {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isSpreadElement(node)) return { expression: node.expression.getText(source), list: true };
  return { expression: node.getText(source), list: false };
}

/** The expressions of all values, which stand in a text as their number between two zeros. */
const EXPRESSIONS: string[] = [];
const HOLE = /\0(\d+)\0/g;

function textOf(node: ts.TemplateLiteral | ts.StringLiteral, source: ts.SourceFile): string {
  if (!ts.isTemplateExpression(node)) return node.text;
  return node.templateSpans.reduce((text, span) => {
    const expression = span.expression.getText(source).replace(/\s+/g, ' ');
    return `${text}\0${EXPRESSIONS.push(expression) - 1}\0${span.literal.text}`;
  }, node.head.text);
}

/** The words of a text. */
function wordsOf(text: string): (string | Hole)[] {
  return unquoted(text.trim()).map((word) => {
    if (!word.includes('\0')) return word;
    const filled = (before: string, after: string) =>
      word.replace(HOLE, (_, index: string) => `${before}${EXPRESSIONS[Number(index)] ?? ''}${after}`);
    const alone = /^\0\d+\0$/.test(word);
    return { expression: alone ? filled('', '') : filled('{', '}'), list: false };
  });
}

/** Words as a shell divides them; only single quotes are known. */
function unquoted(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}
