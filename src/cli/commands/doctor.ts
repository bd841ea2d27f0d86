import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { type Diagnosis, doctor as diagnose, doctorQuestions } from '../../operations/doctor/doctor';
import { doctorRequest, soundInventory } from '../doctor/doctorRequest';
import { doctorText, summaryOf } from '../doctor/doctorText';
import { environmentWords, type EstateFlags, estateFor, estateSource } from '../estateFor';
import { EXIT } from '../exitCodes';
import { jsonOutput } from '../jsonOutput';
import { loadLivePorts } from '../loadLivePorts';
import { printable } from '../printable';
import { stdoutStyle } from '../report';
import { progressLine } from '../progressLine';

export interface DoctorOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Evaluate whether the workload may do it: `s3:GetObject`. */
  readonly action?: string;
  /** On what: an ARN. */
  readonly resource?: string;
  /** Also print the checks that passed, and warnings with reason and fix. */
  readonly verbose?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift doctor [workload]`: what the troubleshooting pages tell people to check by hand, in order and explained. Works on the part of the
 * inventory that has no errors. Returns 0 when all is healthy (warnings allowed), 1 when there is a problem, something could not be checked, or
 * errors of the inventory leave out something that was asked for; throws `UsageError` for a workload or an
 * environment that does not exist, and for an action without a resource or a workload.
 */
export async function doctor(
  workload: string | undefined,
  { environment, action, resource, verbose = false, format, ...flags }: DoctorOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const source = estateSource(flags);
  const sound = soundInventory({ workload, environment });
  if (sound === undefined) return EXIT.findings;
  const { inventory } = sound;
  const request = doctorRequest(inventory, { workload, environment, action, resource });
  const places = placesOf(inventory);
  const { show, end } = progressLine('doctor', process.stderr);
  const command = [
    ...['doctor', ...(workload === undefined ? [] : [{ name: workload }]), ...environmentWords(environment)],
    ...(action === undefined || resource === undefined ? [] : ['--action', action, '--resource', { name: resource }]),
  ];
  const read = estateFor(doctorQuestions(inventory, request), places, ports, { source, command, onProgress: show });
  const diagnoses = diagnose(inventory, request, await read.finally(end));
  const summary = summaryOf(diagnoses);
  // Workloads that the errors of the inventory leave out were not checked, which never counts as healthy.
  const healthy = summary.problems + summary.unknown === 0 && !sound.leavesOut;
  console.log(
    format === 'json'
      ? jsonOutput('doctor', { healthy, summary, diagnoses: diagnoses.map(document) })
      : printable(doctorText(diagnoses, places, stdoutStyle(verbose), verbose || workload !== undefined)),
  );
  return healthy ? EXIT.ok : EXIT.findings;
}

/** A diagnosis as `docs/json.md` describes it. */
function document({ findings, ...diagnosis }: Diagnosis): object {
  return {
    ...diagnosis,
    findings: findings.map(
      ({ check, environment, workload, cluster, state, found, asked, of, inspect, remedy, pods, ...finding }) => {
        const { explains, follows, reason } = finding;
        const names = { check, environment, workload, cluster };
        return { ...names, state, found, asked, of, inspect, remedy, pods, explains, follows, reason };
      },
    ),
  };
}
