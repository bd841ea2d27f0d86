import type { StageRequest } from '../../../src/inventory/edit/setStage';

export const SINCE = '2026-11-20T08:30:00Z';

export const WAVE = 'version: 1\nwaves:\n  pilot:\n';

export interface Case {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly request?: Partial<StageRequest>;
}

const FROM_IRSA: Partial<StageRequest> = { from: 'irsa', stage: 'prepared' };
const FORCED: Partial<StageRequest> = { because: 'CloudTrail is down: ticket #7' };

export const CASES: readonly Case[] = [
  {
    what: 'makes the short form long',
    before: `${WAVE}    stages:\n      dev: dual   # first\n      prod: dual   # here\n`,
    after: `${WAVE}    stages:\n      dev: dual   # first\n      prod: { stage: cutover, since: ${SINCE} }   # here\n`,
  },
  {
    what: 'makes the short form long between braces',
    before: `${WAVE}    stages: {dev: dual,prod: dual} # both\n`,
    after: `${WAVE}    stages: {dev: dual,prod: { stage: cutover, since: ${SINCE} }} # both\n`,
  },
  {
    what: 'changes the long form between braces, whatever its blanks, quotes and order',
    before: `${WAVE}    stages: { prod: {since:   "2026-01-01T00:00:00Z" ,stage: 'dual'} }\n`,
    after: `${WAVE}    stages: { prod: {since:   "${SINCE}" ,stage: 'cutover'} }\n`,
  },
  {
    what: 'changes the long form on lines of their own',
    before: `${WAVE}    stages:\n      prod:\n        # moved by Jo\n        stage: dual # since long\n        since: 2026-01-01T00:00:00Z\n`,
    after: `${WAVE}    stages:\n      prod:\n        # moved by Jo\n        stage: cutover # since long\n        since: ${SINCE}\n`,
  },
  {
    what: 'adds a missing since between braces',
    before: `${WAVE}    stages: { prod: { stage: dual }, dev: dual }\n`,
    after: `${WAVE}    stages: { prod: { stage: cutover, since: ${SINCE} }, dev: dual }\n`,
  },
  {
    what: 'adds a missing since on a line of its own, after the comment of the stage',
    before: `${WAVE}    stages:\n      prod:\n        stage: dual # yes\n    soak: 7d\n`,
    after: `${WAVE}    stages:\n      prod:\n        stage: cutover # yes\n        since: ${SINCE}\n    soak: 7d\n`,
  },
  {
    what: 'adds an environment between braces',
    before: `${WAVE}    stages: { dev: dual }\n`,
    after: `${WAVE}    stages: { dev: dual, prod: { stage: prepared, since: ${SINCE} } }\n`,
    request: FROM_IRSA,
  },
  {
    what: 'adds an environment to empty braces',
    before: `${WAVE}    stages: {}\n    soak: 7d\n`,
    after: `${WAVE}    stages: { prod: { stage: prepared, since: ${SINCE} } }\n    soak: 7d\n`,
    request: FROM_IRSA,
  },
  {
    what: 'adds an environment on a line of its own between braces, before the comma that is not there',
    before: `${WAVE}    stages: {\n      dev: dual # one\n    }\n`,
    after: `${WAVE}    stages: {\n      dev: dual, # one\n      prod: { stage: prepared, since: ${SINCE} }\n    }\n`,
    request: FROM_IRSA,
  },
  {
    what: 'adds an environment on a line of its own between braces, after a comma that is',
    before: `${WAVE}    stages: {\n      dev: dual, # one\n    }\n`,
    after: `${WAVE}    stages: {\n      dev: dual, # one\n      prod: { stage: prepared, since: ${SINCE} },\n    }\n`,
    request: FROM_IRSA,
  },
  {
    what: 'adds an environment on a line of its own, at the end of a file without a line break',
    before: `${WAVE}    stages:\n       dev: dual`,
    after: `${WAVE}    stages:\n       dev: dual\n       prod: { stage: prepared, since: ${SINCE} }`,
    request: FROM_IRSA,
  },
  {
    what: 'adds an environment in the form of the one before it',
    before: `${WAVE}    stages:\n      dev:\n        stage: dual\n        because: >\n          it is\n          late\n\n  core: {}\n`,
    after: `${WAVE}    stages:\n      dev:\n        stage: dual\n        because: >\n          it is\n          late\n      prod:\n        stage: prepared\n        since: ${SINCE}\n\n  core: {}\n`,
    request: FROM_IRSA,
  },
  {
    what: 'adds the stages to a wave',
    before: `${WAVE}    description: readers\n    soak: 7d # a week\n\n  core: {}\n`,
    after: `${WAVE}    description: readers\n    soak: 7d # a week\n    stages: { prod: { stage: prepared, since: ${SINCE} } }\n\n  core: {}\n`,
    request: FROM_IRSA,
  },
  {
    what: 'adds the stages to a wave between braces',
    before: 'waves: { pilot: {}, core: { soak: 7d } }\n',
    after: `waves: { pilot: { stages: { prod: { stage: prepared, since: ${SINCE} } } }, core: { soak: 7d } }\n`,
    request: FROM_IRSA,
  },
  {
    what: 'quotes an environment that is called like a number',
    before: `${WAVE}    stages: { dev: dual }\n`,
    after: `${WAVE}    stages: { dev: dual, "123": { stage: prepared, since: ${SINCE} } }\n`,
    request: { ...FROM_IRSA, environment: '123' },
  },
  {
    what: 'keeps JSON what it is',
    before: '{"version": 1, "waves": {"pilot": {"stages": {"dev": "dual"}}}}\n',
    after: `{"version": 1, "waves": {"pilot": {"stages": {"dev": "dual", "prod": { "stage": "prepared", "since": "${SINCE}" }}}}}\n`,
    request: FROM_IRSA,
  },
  {
    what: 'replaces an alias by what is to stand there',
    before: `${WAVE}    stages: { dev: &now dual, prod: *now }\n`,
    after: `${WAVE}    stages: { dev: &now dual, prod: { stage: cutover, since: ${SINCE} } }\n`,
  },
  {
    what: 'replaces an alias inside of the long form',
    before: `${WAVE}    stages: { dev: &now dual, prod: { stage: *now , since: 2026-01-01T00:00:00Z } }\n`,
    after: `${WAVE}    stages: { dev: &now dual, prod: { stage: cutover , since: ${SINCE} } }\n`,
  },
  {
    what: 'says why a step was forced, in quotes where it must',
    before: `${WAVE}    stages: { prod: { stage: dual, since: 2026-01-01T00:00:00Z } }\n`,
    after: `${WAVE}    stages: { prod: { stage: cutover, since: ${SINCE}, because: "CloudTrail is down: ticket #7" } }\n`,
    request: FORCED,
  },
  {
    what: 'says why a step was forced, plainly where it may',
    before: `${WAVE}    stages:\n      prod:\n        stage: dual\n        since: 2026-01-01T00:00:00Z # new year\n`,
    after: `${WAVE}    stages:\n      prod:\n        stage: cutover\n        since: ${SINCE} # new year\n        because: CloudTrail is down\n`,
    request: { because: 'CloudTrail is down' },
  },
  {
    what: 'says why another step was forced',
    before: `${WAVE}    stages:\n      prod:\n        because: |\n          it was\n          late\n        stage: dual\n`,
    after: `${WAVE}    stages:\n      prod:\n        because: "a \\"quoted\\"\\nreason"\n        stage: cutover\n        since: ${SINCE}\n`,
    request: { because: 'a "quoted"\nreason' },
  },
  {
    what: 'takes an old reason away, between braces',
    before: `${WAVE}    stages: { prod: { stage: dual, since: 2026-01-01T00:00:00Z, because: "late, and \\"dark\\"" } }\n`,
    after: `${WAVE}    stages: { prod: { stage: cutover, since: ${SINCE} } }\n`,
  },
  {
    what: 'takes an old reason away that stands first, between braces',
    before: `${WAVE}    stages: { prod: { because: late, stage: dual } }\n`,
    after: `${WAVE}    stages: { prod: { stage: cutover, since: ${SINCE} } }\n`,
  },
  {
    what: 'takes an old reason away between braces on lines of their own, and keeps comments',
    before: `${WAVE}    stages:\n      prod: {\n        stage: dual, # one\n        because: late # two\n      }\n`,
    after: `${WAVE}    stages:\n      prod: {\n        stage: cutover, since: ${SINCE} # one\n        # two\n      }\n`,
  },
  {
    what: 'takes an old reason away with its line',
    before: `${WAVE}    stages:\n      prod:\n        stage: dual\n        because: "late,\n          and dark"\n        since: 2026-01-01T00:00:00Z\n`,
    after: `${WAVE}    stages:\n      prod:\n        stage: cutover\n        since: ${SINCE}\n`,
  },
  {
    what: 'keeps the comment beside an old reason',
    before: `${WAVE}    stages:\n      prod:\n        stage: dual\n        because: late  # ask Jo\n        since: 2026-01-01T00:00:00Z\n`,
    after: `${WAVE}    stages:\n      prod:\n        stage: cutover\n        # ask Jo\n        since: ${SINCE}\n`,
  },
  {
    what: 'takes an old reason of several lines away at the end of the file',
    before: `${WAVE}    stages:\n      prod:\n        stage: dual\n        since: 2026-01-01T00:00:00Z\n        because: |\n          late`,
    after: `${WAVE}    stages:\n      prod:\n        stage: cutover\n        since: ${SINCE}`,
  },
  {
    what: 'adds an environment where the comma stands on a later line',
    before: `${WAVE}    stages: {\n      dev: dual # one\n      ,\n    }\n`,
    after: `${WAVE}    stages: {\n      dev: dual, prod: { stage: prepared, since: ${SINCE} } # one\n      ,\n    }\n`,
    request: FROM_IRSA,
  },
  {
    what: 'takes an old reason away whose comma stands on a later line',
    before: `${WAVE}    stages:\n      prod: {\n        because: late # one\n        , stage: dual }\n`,
    after: `${WAVE}    stages:\n      prod: {\n         # one\n         stage: cutover, since: ${SINCE} }\n`,
  },
  {
    what: 'records accepted checks, in quotes where it must',
    before: `${WAVE}    stages: { prod: { stage: dual, since: 2026-01-01T00:00:00Z } }\n`,
    after: `${WAVE}    stages: { prod: { stage: cutover, since: ${SINCE}, because: late, accepted: [pod-credentials:api:main, "agent::main"] } }\n`,
    request: { because: 'late', accepted: ['pod-credentials:api:main', 'agent::main'] },
  },
  {
    what: 'replaces the accepted checks of the step before, on lines of their own',
    before: `${WAVE}    stages:\n      prod:\n        stage: dual\n        accepted:\n          - soak\n          - sdk:api\n        because: late # ask Jo\n`,
    after: `${WAVE}    stages:\n      prod:\n        stage: cutover\n        since: ${SINCE}\n        accepted:\n          [soak]\n        because: later # ask Jo\n`,
    request: { because: 'later', accepted: ['soak'] },
  },
  {
    what: 'takes the reason and the accepted checks of the step before away, on lines of their own',
    before: `${WAVE}    stages:\n      prod:\n        stage: dual\n        # for the audit\n        accepted:\n          - soak\n          - sdk:api\n        because: late # ask Jo\n        since: 2026-01-01T00:00:00Z\n`,
    after: `${WAVE}    stages:\n      prod:\n        stage: cutover\n        # for the audit\n        # ask Jo\n        since: ${SINCE}\n`,
  },
  {
    what: 'takes the reason and the accepted checks of the step before away, between braces',
    before: `${WAVE}    stages: { prod: { stage: dual, since: 2026-01-01T00:00:00Z, because: late, accepted: [soak, sdk:api] }, dev: dual }\n`,
    after: `${WAVE}    stages: { prod: { stage: cutover, since: ${SINCE} }, dev: dual }\n`,
  },
  {
    what: 'takes them away between braces where they are the first',
    before: `${WAVE}    stages: { prod: { accepted: [soak], because: late, stage: dual } }\n`,
    after: `${WAVE}    stages: { prod: { stage: cutover, since: ${SINCE} } }\n`,
  },
  {
    what: 'takes them away between braces on several lines, with a comma at the end',
    before: `${WAVE}    stages:\n      prod: {\n        stage: dual,\n        because: late, # one\n        accepted: [soak], # two\n      }\n`,
    after: `${WAVE}    stages:\n      prod: {\n        stage: cutover, since: ${SINCE},\n        # one\n        # two\n      }\n`,
  },
  {
    what: 'takes them away between braces on several lines',
    before: `${WAVE}    stages:\n      prod: {\n        stage: dual,\n        because: late, # one\n        accepted: [soak] # two\n      }\n`,
    after: `${WAVE}    stages:\n      prod: {\n        stage: cutover, since: ${SINCE} # one\n        # two\n      }\n`,
  },
  {
    what: 'records accepted checks in JSON',
    before: '{"waves": {"pilot": {"stages": {"prod": {"stage": "dual", "accepted": ["sdk"]}}}}}\n',
    after: `{"waves": {"pilot": {"stages": {"prod": {"stage": "cutover", "since": "${SINCE}", "accepted": ["soak"]}}}}}\n`,
    request: { accepted: ['soak'] },
  },
];
