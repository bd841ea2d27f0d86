import type { ContainerFacts } from './KubernetesPort';
import type { ContainerJson, VolumeJson } from './podJson';

type AwsFile = NonNullable<ContainerFacts['awsFiles']>[number];

/** The variables that name the shared files. Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
const FILE_VARIABLES: ReadonlySet<string> = new Set(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']);

/** The folder `.aws` of any home, and the two files in it. Source: the same page. */
const AWS_FOLDER = /(^|\/)\.aws$/;
const AWS_FILE = /(^|\/)\.aws\/(config|credentials)$/;

/**
 * The volumes that a container mounts where SDKs look for the shared AWS files: at `.aws` or a file of it, as a file of a ConfigMap or Secret with
 * such a path, or where a variable of the container points. A mount with a `subPath` is the file or folder itself. An `emptyDir` holds nothing when
 * the pod starts, and most often is the folder for an SDK's cache.
 */
export function awsFilesOf({ env = [], volumeMounts = [] }: ContainerJson, volumes: readonly VolumeJson[]): AwsFile[] {
  const named = env.flatMap(({ name, value }) => (FILE_VARIABLES.has(name) && value !== undefined ? [value] : []));
  return volumeMounts.flatMap(({ name, mountPath = '', subPath }): AwsFile[] => {
    const volume = volumes.find((one) => one.name === name);
    if (volume === undefined || volume.emptyDir !== undefined) return [];
    const path = mountPath.replace(/(?<=.)\/+$/, '');
    return filesOf(volume).flatMap(({ from, items }) => {
      const inside = subPath === undefined ? items.map((item) => `${path}/${item}`) : [];
      const found = inside.find((file) => AWS_FILE.test(file) || named.includes(file));
      if (found !== undefined) return [{ path: found, from }];
      const mounted = AWS_FOLDER.test(path) || AWS_FILE.test(path) || named.some((file) => isBelow(file, path));
      // A list of files without those that an SDK reads.
      return mounted && inside.length === 0 ? [{ path, from }] : [];
    });
  });
}

function isBelow(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

/** What a volume takes its files from, and their paths where it lists them. */
function filesOf(volume: VolumeJson): readonly { readonly from: string; readonly items: readonly string[] }[] {
  const { configMap, secret, projected } = volume;
  const paths = (items: readonly { readonly path?: string }[] = []) => items.flatMap(({ path }) => path ?? []);
  if (configMap !== undefined) return [{ from: `configmap ${configMap.name ?? ''}`, items: paths(configMap.items) }];
  if (secret !== undefined) return [{ from: `secret ${secret.secretName ?? ''}`, items: paths(secret.items) }];
  if (projected !== undefined)
    return (projected.sources ?? []).flatMap((source) => [
      ...(source.configMap === undefined
        ? []
        : [{ from: `configmap ${source.configMap.name ?? ''}`, items: paths(source.configMap.items) }]),
      ...(source.secret === undefined
        ? []
        : [{ from: `secret ${source.secret.name ?? ''}`, items: paths(source.secret.items) }]),
    ]);
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'volume';
  return [{ from: kind.toLowerCase(), items: [] }];
}
