import { transformFileSync } from '@swc/core';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const FOLDER = 'src/operations/inventoryFile';
const MODULES = ['lockInventory', 'writeWhole'];

/**
 * A script that runs in a plain node of its own, which starts in a few hundredths of a second.
 * `crash K write <file> <text>` writes as `saveEdit` does and is killed at its K-th call to the file system (in the middle of it where
 * it writes); `take <file> <time>` takes the lock at a time, says `got` or who holds it, and keeps it until it is killed;
 * `loop <file> <a> <b>` writes two texts in turn for ever.
 */
const SCRIPT = `
const fs = require('node:fs');
const [what, ...args] = process.argv.slice(2);
if (what === 'crash') {
  let calls = 0;
  const last = Number(args.shift());
  const die = () => process.kill(process.pid, 'SIGKILL');
  for (const name of Object.keys(fs).filter((name) => name.endsWith('Sync'))) {
    const call = fs[name];
    fs[name] = (...given) => {
      calls += 1;
      if (calls === last && name === 'writeFileSync') {
        call(given[0], given[1].slice(0, Math.floor(given[1].length / 2)), given[2]);
        die();
      }
      if (calls === last) die();
      return call(...given);
    };
  }
}
const { lockInventory, removeLeftovers } = require('./lockInventory.js');
const { writeWhole } = require('./writeWhole.js');
function save(file, text) {
  const lock = lockInventory(file);
  if (!lock.release) throw new Error('held by ' + JSON.stringify(lock));
  removeLeftovers(file);
  writeWhole(file, text);
  lock.release();
}
if (what === 'crash') save(args[1], fs.readFileSync(args[2], 'utf8'));
if (what === 'loop') {
  const [a, b] = args.slice(1).map((name) => fs.readFileSync(name, 'utf8'));
  process.stdout.write('ready');
  for (;;) { save(args[0], a); save(args[0], b); }
}
if (what === 'take') {
  while (Date.now() < Number(args[1]));
  const lock = lockInventory(args[0]);
  process.stdout.write(lock.release ? 'got' : 'held by ' + (lock.holder && lock.holder.pid));
  setInterval(() => {}, 1000);
}
`;

let script: string | undefined;

function compiled(): string {
  if (script !== undefined) return script;
  const folder = mkdtempSync(join(tmpdir(), 'podlift-child-'));
  // A child may run as somebody else.
  chmodSync(folder, 0o755);
  for (const name of MODULES) {
    const { code } = transformFileSync(`${FOLDER}/${name}.ts`, {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(folder, `${basename(name)}.js`), code);
  }
  script = join(folder, 'script.js');
  writeFileSync(script, SCRIPT);
  return script;
}

/** A child that runs the script. */
export interface Child {
  readonly pid: number;
  /** What it has said so far. */
  readonly said: () => string;
  /** Resolves when it has said something. */
  readonly ready: Promise<void>;
  /** Resolves with the signal that ended it, or its exit code. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly kill: () => void;
}

export function startChild(args: readonly string[], identity: { uid?: number; gid?: number } = {}): Child {
  const child = spawn(process.execPath, [compiled(), ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...identity });
  let said = '';
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        resolve();
      });
    }
    child.on('close', () => {
      resolve();
    });
  });
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.on('close', (code, signal) => {
      resolve(signal ?? code);
    });
  });
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ready,
    ended,
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
