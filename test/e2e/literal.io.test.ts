import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { App, TerraformOutput, TerraformStack } from '../../modules/cdktf';
import { literal, literals } from '../../modules/literal';

const WRITTEN = [
  '${aws:PrincipalTag/kubernetes-namespace}',
  "${aws:PrincipalTag/team, 'none'}",
  '${*}${?}${$}',
  '$${x}',
  '$$${x}',
  '%{ if true }x%{ endif }',
  '%%{x}',
  '$%{x}',
  '%${x}',
  '${file("/etc/passwd")}',
  '${TfToken[TOKEN.0]}',
  '$${TfToken[TOKEN.0]}',
  '#{TfToken[TOKEN.0]}',
  '$#{TfToken[TOKEN.0]}',
  '&{TfToken[TOKEN.0]}',
  '-1.8881545897087626e+289',
  '${"$"}{',
  '~{ ${~ x ~}',
  '"quoted" \\ and\nnew line',
];

/** Texts made of what either language could stumble over. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '$',
        '%',
        '{',
        '}',
        '${',
        '%{',
        '#{',
        '&{',
        'TfToken[',
        'TOKEN.0',
        ']}',
        '"',
        '\\',
        '1e+289',
        '-1.8',
        '~',
        '\n',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  // Terraform normalises strings to NFC and drops nothing else; NUL cannot stand in JSON that it reads.
  .map((text) => text.normalize('NFC').replaceAll('\0', ''));

describe('texts of the inventory, through cdktf and the real Terraform', () => {
  it('arrive as they were written: as values, as keys of a map and in lists', () => {
    const texts = [...new Set([...WRITTEN, ...fc.sample(hostile, { numRuns: 600, seed: 20_261_121 })])];
    const folder = mkdtempSync(join(tmpdir(), 'podlift-literal-'));
    try {
      const app = new App({ outdir: folder, stackTraces: false });
      const stack = new TerraformStack(app, 'texts');
      new TerraformOutput(stack, 'list', { value: texts.map(literal), staticId: true });
      new TerraformOutput(stack, 'map', {
        value: literals(Object.fromEntries(texts.map((text) => [text, text]))),
        staticId: true,
      });
      app.synth();
      const terraform = (...words: string[]) =>
        execFileSync('terraform', words, {
          cwd: join(folder, 'stacks', 'texts'),
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      terraform('init', '-backend-config=path=texts.tfstate', '-reconfigure');
      terraform('apply', '-auto-approve');
      const output = JSON.parse(terraform('output', '-json')) as { list: { value: string[] }; map: { value: object } };
      expect(output.list.value).toEqual(texts);
      expect(output.map.value).toEqual(Object.fromEntries(texts.map((text) => [text, text])));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
