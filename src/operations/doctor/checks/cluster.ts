import { contextOf } from '../../../estate/kubernetes/contextOf';
import { knowsPodIdentity } from '../../evidence/platformMinimums';
import { shellWord } from '../../../estate/shellWord';
import type { Judge } from '../Judge';
import { eksLook, ill, kubectlLook, unknown, well } from '../judgement';

/** The cluster is there, knows Pod Identity where the stage needs it, and is the one to which the kubeconfig context leads. */
export const cluster: Judge = (patient, { cluster: answer, issuer }) => {
  const { name, region, key } = patient.cluster;
  const look = eksLook(patient, `describe-cluster --name ${shellWord(name)}`);
  const ask = kubectlLook(patient, 'get --raw /.well-known/openid-configuration');
  const silent = issuer.ok ? [] : [unknown(ask, 'get --raw /.well-known/openid-configuration', issuer)];
  if (!answer.ok) return [unknown(look, 'eks:DescribeCluster', answer), ...silent];
  const facts = answer.value;
  if (facts === undefined)
    return [
      ill(
        look,
        'problem',
        `there is no cluster ${name}`,
        `Name cluster ${key} in the inventory as it is in AWS:\naws eks list-clusters --region ${region}`,
      ),
    ];
  if (patient.row.trustsPodIdentity && knowsPodIdentity(facts.version, facts.platformVersion) === false)
    return [
      ill(
        look,
        'problem',
        `${facts.version} ${facts.platformVersion} does not know Pod Identity`,
        'Upgrade the cluster; EKS raises the platform version of a Kubernetes version by itself.',
      ),
    ];
  if (!issuer.ok) return silent;
  if (facts.issuer !== issuer.value)
    return [
      ill(
        ask,
        'problem',
        `the context leads to another cluster: its issuer is ${issuer.value}, that of ${name} is ${facts.issuer ?? 'not known to EKS'}`,
        `Let the context lead to ${name}:\naws eks update-kubeconfig --name ${shellWord(name)} --region ${region} --alias=${shellWord(contextOf(patient.cluster))}`,
      ),
    ];
  const { oidc } = patient.cluster;
  if (oidc !== undefined && oidc.issuer !== facts.issuer)
    return [
      ill(
        look,
        'problem',
        `the issuer of ${name} is ${facts.issuer}, the inventory says ${oidc.issuer}`,
        `Write oidc: { issuer: "${facts.issuer}" } at cluster ${key} in the inventory.`,
      ),
    ];
  return [
    well(look, `${name} is ${facts.status}, ${facts.version} ${facts.platformVersion}, and the context leads to it`),
  ];
};
