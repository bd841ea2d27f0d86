import type { Answer } from '../../../src/estate/aws/AwsPort';
import type { ClusterSurvey } from '../../../src/operations/discover/ClusterSurvey';
import type { Ports } from '../../../src/estate/Ports';
import { answered } from './surveyOf';

/** Ports that answer what a survey has, and note what they were asked. */
export function portsOf(survey: ClusterSurvey, asked: string[] = []): Ports {
  const say = <T>(question: string, answer: Answer<T>): Promise<Answer<T>> => {
    asked.push(question);
    return Promise.resolve(answer);
  };
  const roleOf = (account: string, name: string) =>
    Object.entries(survey.roles).find(([arn]) => arn.includes(`::${account}:`) && arn.endsWith(`/${name}`))?.[1];
  const notAsked = (): never => {
    throw new Error('discover does not ask this');
  };
  return {
    aws: ({ id }) => ({
      describeCluster: (name) => say(`cluster ${name}`, survey.cluster),
      addon: notAsked,
      addons: () => say('addons', survey.addons),
      nodeGroups: notAsked,
      associations: () => say('associations', survey.associations),
      accountRoles: notAsked,
      accountPolicies: notAsked,
      role: (name) => {
        const role = roleOf(id, name);
        return say(
          `role ${id}/${name}`,
          role?.ok === true ? answered(role.value?.facts) : (role ?? answered(undefined)),
        );
      },
      rolePolicies: (name) => {
        const role = roleOf(id, name);
        return say(
          `rolePolicies ${id}/${name}`,
          role?.ok === true && role.value ? role.value.policies : answered(undefined),
        );
      },
      managedPolicy: (arn) =>
        say(
          `managedPolicy ${arn}`,
          answered({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }),
        ),
      oidcProvider: () => say('oidcProvider', survey.oidcProvider),
      events: notAsked,
    }),
    kubernetes: () => ({
      pods: notAsked,
      allPods: () => say('pods', survey.pods),
      serviceAccounts: () => say('serviceAccounts', survey.serviceAccounts),
      networkPolicies: notAsked,
      serviceAccount: notAsked,
      issuer: () => say('issuer', survey.contextIssuer),
      nodes: () => say('nodes', survey.nodes),
    }),
  };
}
