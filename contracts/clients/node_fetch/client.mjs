// A small client of the engagement API with Node's own fetch, at the JS door.
//
// Asks for an engagement, asks again as the same visitor, and reports that the chat button was shown.
// ENGAGEMENT_URL is the base URL, ENGAGEMENT_ACCOUNT the account; the outcome is one JSON line and the exit status.

import { setTimeout as sleep } from 'node:timers/promises';

const url = process.env.ENGAGEMENT_URL.replace(/\/$/, '');
const account = process.env.ENGAGEMENT_ACCOUNT ?? '56072331';
const door = `${url}/api/account/${account}/getEngagement`;
const visitors = `${url}/api/account/${account}/app/engagement/visitors/`;

const pausesS = [5, 10, 15];
const loading = /^Loading account: (.+), vid: (.+)$/;
const exits = { available: 0, error: 1, not_available: 3 };

class Failed extends Error {}

// Sends one call; a reply that did not arrive whole has no status.
async function send(method, target, body) {
  try {
    const reply = await fetch(target, {
      method,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await reply.text();
    return { status: reply.status, said: text ? JSON.parse(text) : {} };
  } catch {
    return { status: null, said: {} };
  }
}

// Sends a call, and again as long as the retry policy wants it; returns the body of the reply.
async function call(method, target, body, onLoading = () => {}) {
  for (const pauseS of [...pausesS, null]) {
    const { status, said } = await send(method, target, body);
    if (status === 200) return said;
    if (status !== null && status < 500 && status !== 429) throw new Failed(`${status} ${said.message ?? ''}`);
    if (pauseS === null) throw new Failed(`still ${status ?? 'no reply'} after ${pausesS.length} retries`);
    const match = loading.exec(said.message ?? '');
    if (match) onLoading(match[2]);
    await sleep(pauseS * 1000);
  }
}

async function engagement(ids) {
  const body = { appType: 'EXTERNAL', consumerSections: ['Support', 'English'], ...ids };
  const reply = await call('POST', door, body, (vid) => {
    if (!body.sid) body.vid = vid;
  });
  if (!['Available', 'NotAvailable'].includes(reply.status)) throw new Failed(`unknown status ${reply.status}`);
  return reply;
}

async function shown({ visitorId, sessionId, pageId, engagementDetails: details }) {
  const event = {
    type: 'impDisplay',
    campaign: Number(details.campaignId),
    engId: Number(details.engagementId),
    revision: details.engagementRevision,
    eContext: [{ type: 'engagementContext', id: details.contextId }],
  };
  const target = `${visitors}${encodeURIComponent(visitorId)}?v=1.0&sid=${encodeURIComponent(sessionId)}`;
  await call('PUT', target, { pageId, impAttributes: [event] });
}

async function visit() {
  const first = await engagement({});
  if (first.status === 'NotAvailable') return 'not_available';
  const reply = await engagement({ vid: first.visitorId, sid: first.sessionId });
  if (reply.status === 'NotAvailable') return 'not_available';
  await shown(reply);
  return 'available';
}

let outcome;
let detail = null;
try {
  outcome = await visit();
} catch (failure) {
  if (!(failure instanceof Failed)) throw failure;
  outcome = 'error';
  detail = failure.message;
}
console.log(JSON.stringify({ outcome, detail }));
process.exitCode = exits[outcome];
