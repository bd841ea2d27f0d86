import { type ContainerFacts, CREDENTIAL_VARIABLES, EARLIER_VARIABLES } from './KubernetesPort';

/** The parts of a container's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export interface ContainerJson {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly VariableJson[];
  readonly envFrom?: readonly { readonly configMapRef?: Named; readonly secretRef?: Named }[];
  readonly ports?: readonly { readonly containerPort?: number; readonly hostPort?: number }[];
}

interface VariableJson {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Readonly<Record<string, Named>>;
}

interface Named {
  readonly name?: string;
  readonly key?: string;
  readonly fieldPath?: string;
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];

/** A container, cut down to what podlift reads. In the network of its node (`hostNetwork`) its ports are the node's. */
export function readContainer(container: ContainerJson, hostNetwork: boolean): ContainerFacts {
  const { name, image = '', env = [], envFrom = [], ports = [] } = container;
  const known = new Set<string>(CREDENTIAL_VARIABLES);
  const set = new Set(env.filter(isSet).map((variable) => variable.name));
  return {
    name,
    env: Object.fromEntries(
      env.filter((variable) => known.has(variable.name)).map((variable) => [variable.name, statedBy(variable)]),
    ),
    earlier: EARLIER_VARIABLES.filter((variable) => set.has(variable)),
    proxy: proxyOf(env),
    envFrom: envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...(configMapRef === undefined ? [] : [`configmap ${configMapRef.name ?? ''}`]),
      ...(secretRef === undefined ? [] : [`secret ${secretRef.name ?? ''}`]),
    ]),
    image,
    hostPorts: ports.flatMap(({ containerPort, hostPort }) => hostPort ?? (hostNetwork ? (containerPort ?? []) : [])),
  };
}

/** SDKs take an empty variable for none. */
function isSet({ value = '', valueFrom }: VariableJson): boolean {
  return value !== '' || valueFrom !== undefined;
}

function statedBy({ value, valueFrom }: VariableJson): string {
  return value ?? sourceOf(valueFrom ?? {});
}

/** `secretKeyRef: { name: orders, key: arn }` as `secret orders/arn`. */
function sourceOf(valueFrom: Readonly<Record<string, Named>>): string {
  const [kind, { name, key, fieldPath }] = Object.entries(valueFrom)[0] ?? ['nothing', {}];
  const what = kind.replace(/(Key)?Ref$/, '').toLowerCase();
  return `${what} ${fieldPath ?? [name, key].filter((part) => part !== undefined).join('/')}`.trim();
}

/** Proxies by their upper-case names; one that is written both ways is taken as written in upper case. User and password stay unread. */
function proxyOf(env: readonly VariableJson[]): Record<string, string> {
  const lowerFirst = [...env].filter(isSet).sort((one, other) => Number(isUpper(one)) - Number(isUpper(other)));
  return Object.fromEntries(
    lowerFirst
      .map((variable) => [variable.name.toUpperCase(), variable] as const)
      .filter(([upper]) => PROXIES.includes(upper))
      .map(([upper, variable]) => [upper, statedBy(variable).replace(/^([\w+.-]+:\/\/)?.*@/, '$1')]),
  );
}

function isUpper({ name }: VariableJson): boolean {
  return name === name.toUpperCase();
}
