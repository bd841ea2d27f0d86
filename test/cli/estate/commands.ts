import { advance } from '../../../src/cli/commands/advance';
import { discover, type DiscoverWorld } from '../../../src/cli/commands/discover';
import { doctor } from '../../../src/cli/commands/doctor';
import { drift } from '../../../src/cli/commands/drift';
import { finish } from '../../../src/cli/commands/finish';
import { gate } from '../../../src/cli/commands/gate';
import { next } from '../../../src/cli/commands/next';
import { status } from '../../../src/cli/commands/status';
import { stepWorld } from '../../../src/cli/commands/advance';
import { type EstateFlags, estateSource, loadLivePorts } from '../../../src/cli/estateFor';
import type { Ports } from '../../../src/estate/Ports';

type Format = 'text' | 'json';

/** What a command printed, and its exit code. */
export interface Printed {
  readonly exit: number;
  readonly out: string;
  readonly err: readonly string[];
}

/** The commands that read, by their names; the names of wave, environment and cluster can be those of a redacted pair. */
export const COMMANDS: Readonly<
  Record<
    string,
    (flags: EstateFlags, format: Format, name: (name: string) => string, ports?: () => Ports) => Promise<number>
  >
> = {
  gate: (flags, format, name, ports) => gate(name('pilot'), { environment: name('prod'), format, ...flags }, ports),
  next: (flags, format, name, ports) => next({ environment: name('prod'), format, ...flags }, ports),
  drift: (flags, format, name, ports) => drift(undefined, { environment: name('prod'), format, ...flags }, ports),
  finish: (flags, format, name, ports) => finish({ environment: name('prod'), format, ...flags }, ports),
  status: (flags, format, _, ports) => status({ live: flags.estate === undefined, format, ...flags }, ports),
  doctor: (flags, format, _, ports) => doctor(undefined, { format, ...flags }, ports),
  discover: (flags, format, name, ports = loadLivePorts) => {
    const world: DiscoverWorld = { ports, now: () => new Date() };
    return discover({ environment: name('prod'), cluster: name('main'), format, ...flags }, world);
  },
  advance: (flags, format, name, ports = loadLivePorts) => {
    const options = { environment: name('prod'), format, dryRun: true, ...flags };
    const world = stepWorld(ports, { source: sourceOf(flags), command: [] });
    return advance(name('pilot'), options, flags.estate === undefined ? world : undefined);
  },
};

/** The source that `advance` makes by itself where no ports are given. */
function sourceOf(flags: EstateFlags) {
  return flags.estate === undefined ? estateSource(flags) : {};
}

/** Runs a command and catches what it prints. */
export async function printed(command: () => Promise<number>): Promise<Printed> {
  const [out, err]: [string[], string[]] = [[], []];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text)),
    jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text)),
  ];
  try {
    return { exit: await command(), out: out.join('\n'), err };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The output without what tells of the reading and not of the Estate: how much was asked, and how long it took. */
export function withoutFigures(text: string): string {
  return text.replace(/^ {2}"asked": \{[^}]*\},\n/m, '').replace(/^\d+ questions? to AWS.*\n/m, '');
}
