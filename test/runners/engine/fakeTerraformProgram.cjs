const fs = require('node:fs');
const { basename, join } = require('node:path');

/** The program of the stand-in for Terraform: see fakeTerraform.ts. `home` is its folder. */
module.exports = (home) => {
  const [command = '', ...words] = process.argv.slice(2);
  const stack = basename(process.cwd());
  const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
  if (command === 'version') return print({ terraform_version: '1.11.4' });

  const note = (what) => fs.appendFileSync(join(home, 'calls.log'), `${what} ${stack} ${command}\n`);
  note('begin');
  process.on('exit', () => note('end'));
  const mine = JSON.parse(fs.readFileSync(join(home, 'behaviour.json'), 'utf8'))[stack] ?? {};
  const file = join(home, `${stack}.state.json`);
  const state = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { done: [], failed: {} };
  const later = Object.keys(state.failed).length > 0 ? (mine.later ?? []) : [];
  const open = [...(mine.changes ?? []), ...later].filter(({ address }) => !state.done.includes(address));
  const fail = (found) => {
    print({ type: 'diagnostic', diagnostic: { severity: 'error', ...found } });
    process.exitCode = 1;
  };

  const commands = {
    init() {
      if (mine.initFails === undefined) return fs.writeFileSync('.terraform.lock.hcl', `# ${stack}\n`, { flag: 'a' });
      process.stderr.write(`${mine.initFails}\n`);
      process.exitCode = 1;
    },
    plan() {
      if (mine.planFails !== undefined) return fail(mine.planFails);
      const count = (...actions) => open.filter(({ action }) => actions.includes(action)).length;
      for (const { address, type, action } of open)
        print({ type: 'planned_change', change: { action, resource: { addr: address, resource_type: type } } });
      const add = count('create', 'replace');
      const counts = { add, change: count('update'), remove: count('delete', 'replace'), import: 0 };
      print({ type: 'change_summary', changes: { operation: 'plan', ...counts } });
      const out = words.find((word) => word.startsWith('-out='));
      fs.writeFileSync(out.slice('-out='.length), JSON.stringify(open));
      if (words.includes('-detailed-exitcode') && open.length > 0) process.exitCode = 2;
    },
    show() {
      const planned = JSON.parse(fs.readFileSync(words.at(-1), 'utf8'));
      if (!words.includes('-json'))
        return process.stdout.write(`\n${planned.map(({ address }) => `  # ${address} will be created`).join('\n')}\n`);
      const actionsOf = (action) => (action === 'replace' ? ['delete', 'create'] : [action]);
      const changes = planned.map(({ address, type, action }) => {
        return { address, type, mode: 'managed', change: { actions: actionsOf(action) } };
      });
      print({ resource_changes: changes });
    },
    apply() {
      if (mine.hangs === true) {
        const timer = setInterval(() => undefined, 1000);
        process.on('SIGINT', () => {
          note('interrupted');
          clearInterval(timer);
          fail({ summary: 'execution halted' });
        });
        return note('hanging');
      }
      for (const { address } of JSON.parse(fs.readFileSync(words.at(-1), 'utf8'))) {
        const failure = mine.applyFails?.[address];
        const failed = state.failed[address] ?? 0;
        if (failure !== undefined && failed < failure.times) {
          state.failed[address] = failed + 1;
          fail({ ...failure.with, address });
        } else {
          state.done.push(address);
          print({ type: 'apply_complete', hook: { resource: { addr: address } } });
        }
      }
      fs.writeFileSync(file, JSON.stringify(state));
    },
  };
  return commands[command]();
};
