import type { KubeContext } from '../../estate/kubernetes/kubeContexts';
import type { Cluster } from '../../inventory/Inventory';
import { clusterOfArn, type SurveyCluster } from '../../operations/survey/surveyInventory';

/** The cluster of a context, by the ARN that `aws eks update-kubeconfig` gives to the cluster, also with `--alias`. */
export function clusterOfContext({ name, cluster }: KubeContext): Omit<SurveyCluster, 'context'> | undefined {
  return clusterOfArn(cluster) ?? clusterOfArn(name);
}

/** Name and region of the cluster of a context that eksctl wrote: `my-cluster.us-west-2.eksctl.io`. Source: eksctl-io/eksctl pkg/utils/kubeconfig/kubeconfig.go */
export function eksctlName({ cluster }: KubeContext): { readonly name: string; readonly region: string } | undefined {
  const [, name, region] = /^([0-9A-Za-z][\w-]*)\.([a-z0-9-]+)\.eksctl\.io$/.exec(cluster) ?? [];
  return name === undefined || region === undefined ? undefined : { name, region };
}

/** The region in the issuer of an EKS cluster; nothing for any other issuer. Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html */
export function regionOfIssuer(issuer: string): string | undefined {
  const hosts = 'amazonaws\\.com(?:\\.cn)?|api\\.aws|api\\.amazonwebservices\\.com\\.cn';
  return new RegExp(`^https://oidc[.-]eks\\.([a-z0-9-]+)\\.(?:${hosts})/id/`).exec(issuer)?.[1];
}

/** A cluster of which only the context is known. */
export function unnamed(context: string): Cluster {
  return {
    ...{ key: '', name: '', arn: context, region: '', version: '', autoMode: false, addons: [] },
    kubernetes: { context },
  };
}
