import type { CredentialOutcome, CredentialResult } from '../podCredentials';
import type { ClusterState, ContainerEnd } from '../world/World';
import { listAt, objectAt, textAt, type Json } from './json';
import type { KubeObject } from './KubeObject';

/** A call of the AWS CLI that a container makes. */
type AwsCall =
  | { readonly call: 'get-caller-identity' }
  | { readonly call: 'assume-role'; readonly roleArn: string; readonly sessionName: string };

/** A container that the sandbox runs: its name, and the call. */
interface RunContainer {
  readonly container: string;
  readonly call: AwsCall;
}

/**
 * The containers of a pod that the sandbox runs: those whose command is `aws sts get-caller-identity` or `aws sts assume-role`. It has no container
 * runtime: any other container only runs and ends.
 */
export function runContainers(pod: KubeObject): readonly RunContainer[] {
  return listAt(objectAt(pod, 'spec'), 'containers').flatMap((container) => {
    const call = awsCall(container);
    return call === undefined ? [] : [{ container: textAt(container, 'name') ?? '', call }];
  });
}

function awsCall(container: unknown): AwsCall | undefined {
  const [program, service, call, ...options] = [...listAt(container, 'command'), ...listAt(container, 'args')];
  if (program !== 'aws' || service !== 'sts') return undefined;
  if (call === 'get-caller-identity') return { call };
  const option = (name: string): string | undefined => {
    const at = options.indexOf(name);
    const value = at < 0 ? undefined : options[at + 1];
    return typeof value === 'string' ? value : undefined;
  };
  const [roleArn, sessionName] = [option('--role-arn'), option('--role-session-name')];
  if (call !== 'assume-role' || roleArn === undefined || sessionName === undefined) return undefined;
  return { call, roleArn, sessionName };
}

/** The roles that the containers assume, for `podCredentials`. */
export function assumedRoles(
  containers: readonly RunContainer[],
): readonly { readonly roleArn: string; readonly sessionName: string }[] {
  return containers.flatMap(({ call }) => (call.call === 'assume-role' ? [call] : []));
}

/**
 * What each container ends with, by its name. The output is the ARN alone, as with `--query … --output text`.
 * Source of the exit codes and the texts: https://docs.aws.amazon.com/cli/latest/topic/return-codes.html; botocore/exceptions.py
 * (NoCredentialsError, ClientError)
 */
export function containerEnds(
  containers: readonly RunContainer[],
  { source, targets }: CredentialOutcome,
): Readonly<Record<string, ContainerEnd>> {
  const endOf = (result: CredentialResult | undefined, operation: string): ContainerEnd => {
    if (result?.ok === true) return { exitCode: 0, log: `${result.arn}\n` };
    const { code, message } = result?.error ?? { code: 'NoSourceCredentials', message: '' };
    if (!source.ok && (code === 'CredentialsProviderError' || code === 'NoSourceCredentials'))
      return { exitCode: 253, log: `${NO_CREDENTIALS}\n` };
    return { exitCode: 254, log: `An error occurred (${code}) when calling the ${operation} operation: ${message}\n` };
  };
  return Object.fromEntries(
    containers.map(({ container, call }) => [
      container,
      call.call === 'get-caller-identity'
        ? endOf(source, 'GetCallerIdentity')
        : endOf(
            targets.find(({ roleArn }) => roleArn === call.roleArn),
            'AssumeRole',
          ),
    ]),
  );
}

const NO_CREDENTIALS = 'Unable to locate credentials. You can configure credentials by running "aws configure".';

/** What containers of a pod ended with; empty where the sandbox ran none. */
export function endsOf(cluster: ClusterState, uid: string): Readonly<Record<string, ContainerEnd>> {
  return cluster.containerEnds?.[uid] ?? {};
}

/**
 * What a container of a pod wrote, as `kubectl logs` gets it.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod
 */
export function logOf(cluster: ClusterState, pod: KubeObject, container: string | undefined): string | undefined {
  const names = listAt(objectAt(pod, 'spec'), 'containers').flatMap((one) => textAt(one, 'name') ?? []);
  const wanted = container ?? (names.length === 1 ? names[0] : undefined);
  if (wanted === undefined || !names.includes(wanted)) return undefined;
  return endsOf(cluster, pod.metadata.uid)[wanted]?.log ?? '';
}

/** The status of a container that has ended. With `FallbackToLogsOnError` a failed one has the end of its log as its message. */
export function terminatedState(container: Json | undefined, end: ContainerEnd | undefined): Json {
  const { exitCode, log } = end ?? { exitCode: 0, log: '' };
  const fallsBack = exitCode !== 0 && textAt(container, 'terminationMessagePolicy') === 'FallbackToLogsOnError';
  return {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    ...(fallsBack && log !== '' ? { message: log } : {}),
  };
}
