import type { Unanswered } from '../../../src/estate/aws/AwsPort';
import { kubectlFailure } from '../../../src/estate/kubernetes/kubectlFailure';
import { clusterOf } from '../../blueprint/inventoryOf';
import { KUBECTL_TEXTS } from './kubectlTexts';

const UPDATE = {
  run: ['aws', 'eks', 'update-kubeconfig', '--name', 'prod-main', '--region', 'us-west-2', '--alias=prod-main'],
};
const COMMAND = 'aws-that-is-not-there';

interface Case {
  readonly text: keyof typeof KUBECTL_TEXTS;
  readonly why: Unanswered;
  /** The message. */
  readonly found: RegExp;
  /** The last step of the remedy: a command, or the text of a sentence. */
  readonly next?: RegExp | typeof UPDATE;
}

const CASES: readonly Case[] = [
  {
    text: 'noCredentials',
    why: 'denied',
    found: /^the user of the kubeconfig context "prod-main" has no credentials$/,
    next: UPDATE,
  },
  {
    text: 'missingPlugin',
    why: 'failed',
    found: new RegExp(`^getting credentials: exec: executable ${COMMAND} not found: "${COMMAND}" is not on PATH$`),
    next: new RegExp(`^Install ${COMMAND} and put it on PATH`),
  },
  {
    text: 'missingPluginWithHint',
    why: 'failed',
    found: new RegExp(`executable ${COMMAND} not found`),
    next: /^Install the AWS CLI\.$/,
  },
  {
    text: 'failingPlugin',
    why: 'denied',
    found:
      /^getting credentials: exec: executable \S+ failed with exit code 255: aws: error: the SSO session has expired$/,
    next: { run: ['aws', 'sso', 'login'] },
  },
  {
    text: 'pluginOfAnotherVersion',
    why: 'failed',
    found: /no kind "ExecCredential" is registered for version/,
    next: UPDATE,
  },
  {
    text: 'alphaPlugin',
    why: 'failed',
    found: /invalid apiVersion "client\.authentication\.k8s\.io\/v1alpha1"$/,
    next: UPDATE,
  },
  { text: 'pluginWithoutJson', why: 'failed', found: /decoding stdout: couldn't get version\/kind/, next: UPDATE },
  { text: 'pluginNotExecutable', why: 'failed', found: /permission denied$/, next: /^Make \S+ executable/ },
  {
    text: 'pluginWithoutVersion',
    why: 'failed',
    found: /apiVersion must be specified .* interactiveMode must be/,
    next: UPDATE,
  },
  { text: 'removedPlugin', why: 'failed', found: /./, next: UPDATE },
  {
    text: 'certificateFileMissing',
    why: 'failed',
    found: /unable to read client-cert .* unable to read client-key/,
    next: UPDATE,
  },
  {
    text: 'authorityFileMissing',
    why: 'failed',
    found: /unable to read certificate-authority \/nowhere\/ca\.pem/,
    next: UPDATE,
  },
  {
    text: 'unauthorized',
    why: 'denied',
    found: /You must be logged in to the server/,
    next: /have expired, or their IAM principal/,
  },
  { text: 'unknownCluster', why: 'failed', found: /localhost:8080 was refused/, next: UPDATE },
  { text: 'unknownAuthority', why: 'failed', found: /x509: certificate signed by unknown authority/, next: UPDATE },
  { text: 'otherName', why: 'failed', found: /x509: cannot validate certificate for 127\.0\.0\.1/, next: UPDATE },
  { text: 'plainHttp', why: 'failed', found: /server gave HTTP response to HTTPS client/, next: UPDATE },
  { text: 'refused', why: 'unreachable', found: /127\.0\.0\.1:1 was refused/ },
  { text: 'noSuchHost', why: 'unreachable', found: /no such host$/ },
  { text: 'proxyNotAuthorized', why: 'unreachable', found: /Proxy Authentication Required$/, next: /HTTPS_PROXY/ },
  {
    text: 'proxyRefused',
    why: 'unreachable',
    found:
      /^the proxy to the API server does not connect: proxyconnect tcp: dial tcp 127\.0\.0\.1:1: connect: connection refused$/,
    next: /HTTPS_PROXY/,
  },
  {
    text: 'unknownContext',
    why: 'failed',
    found: /^kubeconfig \/one, \/two has no context "prod-main"$/,
    next: UPDATE,
  },
  { text: 'missingFile', why: 'failed', found: /has no context "prod-main"$/, next: UPDATE },
  {
    text: 'brokenFile',
    why: 'failed',
    found: /error loading config file ".+": yaml: line 1/,
    next: /^Correct the kubeconfig/,
  },
];

const cluster = clusterOf({ kubernetes: { context: 'prod-main' } });

describe('a failure of kubectl', () => {
  it.each(CASES)('$text is $why, with the line that says what is wrong', ({ text, why, found, next }) => {
    const answer = kubectlFailure(`${KUBECTL_TEXTS[text].join('\n')}\n`, cluster, ['/one', '/two']);
    expect(answer).toMatchObject({ ok: false, why, message: expect.stringMatching(found) });
    const fix = answer.ok ? [] : answer.fix;
    if (next === undefined) expect(answer).not.toHaveProperty('fix');
    else expect(fix?.at(-1)).toEqual(next instanceof RegExp ? { say: expect.stringMatching(next) } : next);
    expect(answer.ok ? '' : answer.message).not.toContain('\n');
  });

  it('has a test for every text', () => {
    expect(CASES.map(({ text }) => text).sort()).toEqual(Object.keys(KUBECTL_TEXTS).sort());
  });

  it.each<[string, Unanswered, string]>([
    ['too many requests', 'throttled', 'Error from server (TooManyRequests): too many requests'],
    [
      'a denied list',
      'denied',
      'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods"',
    ],
    ['a handshake that takes too long', 'timeout', 'Unable to connect to the server: net/http: TLS handshake timeout'],
    ['a kubectl that is too old', 'failed', 'Error: unknown flag: --show-managed-fields'],
    ['something else', 'failed', 'Error from server (InternalError): etcd is away'],
  ])('knows %s', (_, why, text) => {
    expect(kubectlFailure(text, cluster)).toMatchObject({ ok: false, why, message: expect.stringContaining(text) });
  });

  it('that says nothing is said to', () => {
    expect(kubectlFailure('', cluster)).toMatchObject({ why: 'failed', message: 'kubectl failed without a message' });
  });
});
