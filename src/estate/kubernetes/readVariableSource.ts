import { PROXY_VARIABLES, VARIABLES } from '../schema/kubernetesFacts';
import type { VariableSourceFacts } from './KubernetesPort';
import { withoutSecrets } from './readPod';

/** The part of a ConfigMap's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/ */
export interface ConfigMapJson {
  readonly data?: Readonly<Record<string, string>>;
}

/** The keys that make a variable that podlift knows; `envFrom` can set a prefix before each. */
function isKnown(key: string): boolean {
  return key !== '' && VARIABLES.some((variable) => variable.endsWith(key));
}

function isProxy(key: string): boolean {
  return key !== '' && PROXY_VARIABLES.some((variable) => variable.endsWith(key.toUpperCase()));
}

/** A ConfigMap, cut down to the keys that make variables that podlift knows, and the values of those that are for proxies. */
export function readConfigMap({ data = {} }: ConfigMapJson): VariableSourceFacts {
  const known = Object.entries(data).filter(([key]) => isKnown(key));
  const proxies = known.filter(([key]) => isProxy(key)).map(([key, value]) => [key, withoutSecrets(value)]);
  return { variables: known.map(([key]) => key), proxies: Object.fromEntries(proxies) as Record<string, string> };
}

/**
 * A template of kubectl that gives the name of an object and its keys, a line each, and no value. The name stands first, so that an object without
 * keys differs from none. A key has no line break. Source: https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
 */
export const KEYS_TEMPLATE = '{{.metadata.name}}{{"\\n"}}{{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}';

/** The keys of a Secret, from what `KEYS_TEMPLATE` gives, cut down as those of a ConfigMap. */
export function readSecretKeys(text: string): VariableSourceFacts {
  const [, ...keys] = text.trim().split('\n');
  return { variables: keys.filter(isKnown), proxies: {} };
}
