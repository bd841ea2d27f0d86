import { setStage, type StageRequest } from '../../../src/inventory/edit/setStage';
import { CASES, SINCE, WAVE } from './setStageCases';

const REQUEST: StageRequest = { wave: 'pilot', environment: 'prod', from: 'dual', stage: 'cutover', since: SINCE };

function edited(text: string, request: Partial<StageRequest> = {}): string {
  const result = setStage({ file: 'inventory.yaml', text }, { ...REQUEST, ...request });
  if ('refusal' in result) throw new Error(`${result.refusal.rule}: ${result.refusal.message}`);
  return result.edit.text;
}

describe('setStage', () => {
  it.each(CASES)('$what', ({ before, after, request }) => {
    expect(edited(before, request)).toBe(after);
  });

  it.each(CASES)('$what, with Windows line ends and a byte order mark', ({ before, after, request }) => {
    const windows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    expect(edited(windows(before), request)).toBe(windows(after));
  });

  it('changes the stage at its place after two byte order marks too', () => {
    const text = (stage: string) => `\uFEFF\uFEFF${WAVE}    stages:\n      prod: ${stage}\n`;
    expect(edited(text('dual'))).toBe(text(`{ stage: cutover, since: ${SINCE} }`));
  });

  it('gives the lines that differ and where they stand', () => {
    const text = `${WAVE}    stages:\n      dev: dual\n      prod: dual # here\n      test: dual\n`;
    const result = setStage({ file: 'inventory.yaml', text }, REQUEST);
    expect(result).toMatchObject({
      edit: {
        changes: {
          line: 6,
          before: ['      prod: dual # here'],
          after: [`      prod: { stage: cutover, since: ${SINCE} } # here`],
        },
      },
    });
  });
});

describe('setStage refuses', () => {
  it.each([
    ['a file that is no YAML', 'waves: [}\n', 'edit-unreadable', 1, /cannot be edited/],
    ['a mistyped section', 'wave:\n  pilot: { stages: { prod: dual } }\n', 'edit-unreadable', 1, /unknown key "wave"/],
    ['a wave that is not there', 'waves: { core: {} }\n', 'edit-wave', 1, /no wave "pilot"/],
    [
      'another stage than expected',
      `${WAVE}    stages: { prod: cutover }\n`,
      'edit-stage',
      4,
      /now at cutover in prod, not at dual/,
    ],
    ['a stage that is gone', `${WAVE}    stages: { dev: dual }\n`, 'edit-stage', 4, /now at irsa in prod, not at dual/],
    [
      'a wave that is an alias',
      'waves:\n  core: &core { stages: { prod: dual } }\n  pilot: *core\n',
      'edit-alias',
      3,
      /wave "pilot" is the alias \*core/,
    ],
    [
      'stages that are an alias',
      'waves:\n  core: { stages: &s { prod: dual } }\n  pilot:\n    stages: *s\n',
      'edit-alias',
      4,
      /`stages` of wave "pilot" is the alias \*s/,
    ],
    [
      'stages that stand elsewhere too',
      'waves:\n  pilot: { stages: &s { prod: dual } }\n  core: { stages: *s }\n',
      'edit-anchor',
      2,
      /the anchor &s, and \*s in line 3 uses the same value/,
    ],
    [
      'a stage that stands elsewhere too',
      'waves:\n  pilot:\n    stages:\n      prod: &p dual\n      dev: *p\n',
      'edit-anchor',
      4,
      /\*p in line 5/,
    ],
    [
      'a part of a stage that stands elsewhere too',
      'waves:\n  pilot:\n    stages:\n      prod: { stage: &p dual }\n      dev: *p\n',
      'edit-anchor',
      4,
      /\*p in line 5/,
    ],
    [
      'a reason to take away where keys do not begin their lines',
      'waves:\n  pilot:\n    stages:\n      ? prod\n      : because: late\n        stage: dual\n',
      'edit-form',
      5,
      /does not begin its line/,
    ],
  ])('%s', (_what, text, rule, line, message) => {
    const result = setStage({ file: 'teams/shop.yaml', text }, REQUEST);
    expect(result).toEqual({
      refusal: expect.objectContaining({
        rule,
        line,
        file: 'teams/shop.yaml',
        message: expect.stringMatching(message),
      }),
    });
  });

  it('edits under an anchor that nothing refers to', () => {
    const text = 'waves:\n  pilot: &p { stages: &s { prod: &q dual } }\n';
    expect(edited(text)).toBe(`waves:\n  pilot: &p { stages: &s { prod: &q { stage: cutover, since: ${SINCE} } } }\n`);
  });
});
