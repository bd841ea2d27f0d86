import {
  asStarted,
  cdktfPath,
  printedCommand,
  type Start,
  startedDocument,
  startOf,
  stateHere,
} from '../../src/cli/started';

const CWD = '/home/ann/infra';

/** How podlift is started again, with these files on the disk. */
const words = (script: string, env: Record<string, string> = {}, files: readonly string[] = []) =>
  startOf(script, env, CWD, { exists: (path) => files.includes(path) }).podlift.join(' ');

describe('how podlift was started', () => {
  it.each<[string, string, string, Record<string, string>, readonly string[]]>([
    [
      'by npx, from its own folder',
      '/home/ann/.npm/_npx/e825/node_modules/.bin/podlift',
      'npx podlift',
      { npm_lifecycle_event: 'npx' },
      [],
    ],
    ['from a node_modules above the folder', '/home/ann/node_modules/.bin/podlift', 'npx podlift', {}, []],
    ['from another node_modules', '/opt/x/node_modules/.bin/podlift', '/opt/x/node_modules/.bin/podlift', {}, []],
    [
      'as a command on PATH',
      '/usr/local/bin/podlift',
      'podlift',
      { PATH: '/bin:/usr/local/bin' },
      ['/usr/local/bin/podlift'],
    ],
    [
      'by its path, while PATH has another one',
      '/opt/podlift',
      '/opt/podlift',
      { PATH: '/usr/local/bin' },
      ['/usr/local/bin/podlift'],
    ],
    ['by its file elsewhere', '/src/podlift/src/cli/podlift.js', 'node /src/podlift/src/cli/podlift.js', {}, []],
    ['by its file below the folder', `${CWD}/tools/src/cli/podlift.js`, 'node tools/src/cli/podlift.js', {}, []],
    [
      'by its file below the folder, inside of npx',
      `${CWD}/podlift.js`,
      'node ./podlift.js',
      { npm_lifecycle_event: 'npx' },
      [],
    ],
    ['by something else', '/repo/node_modules/jest/bin/jest.js', 'npx podlift', {}, []],
  ])('%s', (_how, script, command, env, files) => {
    expect(words(script, env, files)).toBe(command);
  });
});

describe('a printed command', () => {
  const start: Start = {
    podlift: ['node', '/src/my podlift/podlift.js'],
    options: [],
    variables: ['PODLIFT_INVENTORY=prod.yaml'],
    project: '/src/my podlift',
    inventory: `${CWD}/prod.yaml`,
  };

  it('starts podlift as it was started, on the same inventory', () => {
    expect(asStarted('Run:\n  npx podlift gate a -e b', start)).toBe(
      "Run:\n  PODLIFT_INVENTORY=prod.yaml node '/src/my podlift/podlift.js' gate a -e b",
    );
    expect(
      asStarted('  npx podlift gate a', { podlift: ['npx', 'podlift'], options: [], variables: [], inventory: 'x' }),
    ).toBe('  npx podlift gate a');
  });

  describe('after --inventory', () => {
    const env = { PODLIFT_INVENTORY: 'of the variable.yaml', PODLIFT_INCLUDE_OUTSIDE: '1' };
    const flagged = startOf('/opt/podlift.js', env, CWD, { exists: () => true, inventory: 'my prod.yaml' });

    it.each([
      [
        'has the option, which wins over the variable',
        'Run `npx podlift gate a`',
        "Run `PODLIFT_INCLUDE_OUTSIDE=1 node /opt/podlift.js --inventory 'my prod.yaml' gate a`",
      ],
      [
        'has no option where it names its own inventory: the option would win',
        'PODLIFT_INVENTORY=e.yaml npx podlift gate a',
        'PODLIFT_INVENTORY=e.yaml PODLIFT_INCLUDE_OUTSIDE=1 node /opt/podlift.js gate a',
      ],
      [
        'of cdktf has the variable: cdktf knows no such option',
        '  npx cdktf synth',
        "  PODLIFT_INVENTORY='my prod.yaml' PODLIFT_INCLUDE_OUTSIDE=1 npx cdktf synth",
      ],
    ])('%s', (_, text, printed) => {
      expect(asStarted(text, flagged)).toBe(printed);
    });

    it('has the option as arguments', () => {
      const document = {
        remedy: [{ run: ['npx', 'podlift', 'gate', 'a'] }, { run: ['PODLIFT_INVENTORY=e', 'npx', 'podlift', 'gate'] }],
      };
      expect(startedDocument(document, flagged)).toEqual({
        remedy: [
          {
            run: [
              ...['env', 'PODLIFT_INCLUDE_OUTSIDE=1', 'node', '/opt/podlift.js'],
              ...['--inventory', 'my prod.yaml', 'gate', 'a'],
            ],
          },
          { run: ['env', 'PODLIFT_INCLUDE_OUTSIDE=1', 'PODLIFT_INVENTORY=e', 'node', '/opt/podlift.js', 'gate'] },
        ],
      });
    });

    it('reads the inventory of the option where cdktf runs elsewhere', () => {
      expect(flagged.inventory).toBe(`${CWD}/my prod.yaml`);
    });
  });

  it('keeps the inventory that it names itself', () => {
    expect(asStarted('PODLIFT_INVENTORY=e.json.inventory.yaml npx podlift gate a', start)).toBe(
      "PODLIFT_INVENTORY=e.json.inventory.yaml node '/src/my podlift/podlift.js' gate a",
    );
  });

  it('keeps an inventory whose name has spaces', () => {
    expect(asStarted("PODLIFT_INVENTORY='my estate.yaml' npx podlift gate a", start)).toBe(
      "PODLIFT_INVENTORY='my estate.yaml' node '/src/my podlift/podlift.js' gate a",
    );
  });

  it('runs cdktf and Terraform where the stacks are, also in the line of a sentence', () => {
    expect(asStarted('Then:\n  npx cdktf synth\nterraform -chdir=cdktf.out/stacks/STACK init', start)).toBe(
      `Then:\n  (cd '/src/my podlift' && PODLIFT_INVENTORY=${CWD}/prod.yaml npx cdktf synth)\nterraform '-chdir=/src/my podlift/cdktf.out/stacks/STACK' init`,
    );
    const { project: _, ...here } = { ...start, variables: [] };
    const own = 'npx cdktf synth\nterraform -chdir=cdktf.out/stacks/STACK init';
    expect(asStarted(own, here)).toBe(own);
    expect(asStarted(own, { ...here, terraform: 'tofu' })).toBe(own.replace('terraform', 'tofu'));
  });

  it('is the same in a JSON document: its arguments, and the commands in its sentences', () => {
    const document = {
      next: { command: 'npx podlift advance a' },
      at: new Date(0),
      found: 'npx podlift',
      remedy: [
        { say: 'Run `npx podlift drift`.' },
        { run: ['npx', 'podlift', 'gate', 'a b'] },
        { run: ['PODLIFT_INVENTORY=e.yaml', 'npx', 'podlift', 'gate'] },
        { run: ['npx', 'cdktf', 'plan', 'prod-identity'] },
        { run: ['kubectl', 'get', 'pods'] },
      ],
    };
    const podlift = ['node', '/src/my podlift/podlift.js'];
    expect(startedDocument(document, start)).toEqual({
      next: { command: "PODLIFT_INVENTORY=prod.yaml node '/src/my podlift/podlift.js' advance a" },
      at: new Date(0),
      // What AWS or a file says stays as it is.
      found: 'npx podlift',
      remedy: [
        { say: "Run `PODLIFT_INVENTORY=prod.yaml node '/src/my podlift/podlift.js' drift`." },
        { run: ['env', 'PODLIFT_INVENTORY=prod.yaml', ...podlift, 'gate', 'a b'] },
        { run: ['env', 'PODLIFT_INVENTORY=e.yaml', ...podlift, 'gate'] },
        {
          run: [
            'sh',
            '-c',
            `(cd '/src/my podlift' && PODLIFT_INVENTORY=${CWD}/prod.yaml npx cdktf plan prod-identity)`,
          ],
        },
        { run: ['kubectl', 'get', 'pods'] },
      ],
    });
    expect(
      startedDocument(document, { podlift: ['npx', 'podlift'], options: [], variables: [], inventory: 'x' }),
    ).toEqual({
      ...document,
      remedy: document.remedy.map((step) =>
        step.run?.[0] === 'PODLIFT_INVENTORY=e.yaml' ? { run: ['env', ...step.run] } : step,
      ),
    });
  });

  it('is one of podlift where nothing starts cdktf, in a text and in a JSON document', () => {
    const without: Start = {
      podlift: ['npx', 'podlift'],
      options: [],
      variables: [],
      withoutCdktf: true,
      inventory: 'x',
    };
    expect(
      asStarted('Then:\n  npx cdktf plan prod-identity\nUse `npx cdktf apply a b`.\nnpx cdktf synth', without),
    ).toBe(
      'Then:\n  npx podlift plan prod-identity\nUse `npx podlift apply a b`.\nnpx podlift synth --out .podlift/roots',
    );
    const remedy = [
      { run: ['npx', 'cdktf', 'apply', 'prod-identity'] },
      { run: ['terraform', '-chdir=cdktf.out/stacks/prod-identity', 'apply', '-refresh-only'] },
    ];
    expect(startedDocument({ remedy }, without)).toEqual({
      remedy: [
        { run: ['npx', 'podlift', 'apply', 'prod-identity'] },
        { run: ['terraform', '-chdir=.podlift/roots/prod-identity', 'apply', '-refresh-only'] },
      ],
    });
    expect(startOf('/x/podlift', {}, CWD, { exists: () => false }).withoutCdktf).toBe(true);
    expect(startOf('/x/podlift', {}, CWD, { exists: (path) => path === `${CWD}/cdktf.json` }).withoutCdktf).toBe(
      undefined,
    );
  });

  it('finds a local state where cdktf runs', () => {
    const state = { backend: 'local', path: 'terraform.prod-identity.tfstate' } as const;
    expect(stateHere(state, start)).toEqual({ ...state, path: '/src/my podlift/terraform.prod-identity.tfstate' });
    const { project: _, ...here } = start;
    expect(stateHere(state, here)).toEqual(state);
    expect(cdktfPath('/states/a', start)).toBe('/states/a');
  });

  it('runs cdktf where its configuration is', () => {
    const run = ['npx', 'cdktf', 'plan', 'prod-identity'];
    expect(printedCommand(run, start)).toBe(
      `(cd '/src/my podlift' && PODLIFT_INVENTORY=${CWD}/prod.yaml npx cdktf plan prod-identity)`,
    );
    const { project: _, ...here } = start;
    expect(printedCommand(run, here)).toBe('PODLIFT_INVENTORY=prod.yaml npx cdktf plan prod-identity');
    expect(printedCommand(run, { ...here, variables: [] })).toBe('npx cdktf plan prod-identity');
  });
});
