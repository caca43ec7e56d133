// There are schemas only: what is sent and what comes back is read by them, and they throw at what they do not know.
import * as zod from '../openapi/orval/zod';
import { ACCOUNT, CALL, Outcome, play } from './asking';

interface Reader<Value> {
  parse(value: unknown): Value;
}

async function sent<Reply>(
  url: string,
  method: string,
  body: unknown,
  reply: Reader<Reply>,
  errors: Record<number, Reader<Refusal>>,
): Promise<Outcome<Reply>> {
  const options = { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, options);
  const text = await answer.text();
  const value = text ? JSON.parse(text) : undefined;
  if (answer.status === 200) return { status: 200, reply: reply.parse(value) };
  return { status: answer.status, error: errors[answer.status].parse(value) };
}

interface Refusal {
  time: number;
  message?: string;
  internalCode: number;
}

const ENGAGEMENT_ERRORS = {
  400: zod.GetEngagement400Response,
  401: zod.GetEngagement401Response,
  404: zod.GetEngagement404Response,
  413: zod.GetEngagement413Response,
  415: zod.GetEngagement415Response,
  500: zod.GetEngagement500Response,
  503: zod.GetEngagement503Response,
};

play({
  getEngagement: (base) =>
    sent(
      `${base}/api/account/${ACCOUNT}/getEngagement`, 'POST', zod.GetEngagementBody.parse(CALL),
      zod.GetEngagement200Response, ENGAGEMENT_ERRORS,
    ),
  createFirstSession: (base) => {
    const { v } = zod.CreateFirstSessionQueryParams.parse({ v: '1.0' });
    const body = zod.CreateFirstSessionBody.parse({ appType: 'MSDK' });
    const url = `${base}/api/account/${ACCOUNT}/app/engagement/visitors/?v=${v}`;
    return sent(url, 'POST', body, zod.CreateFirstSession200Response, ENGAGEMENT_ERRORS);
  },
  updateSession: (base, { visitorId, sessionId, pageId }) => {
    const { v, sid } = zod.UpdateSessionQueryParams.parse({ v: '1.0', sid: sessionId });
    const url = `${base}/api/account/${ACCOUNT}/app/engagement/visitors/${visitorId}?v=${v}&sid=${sid}`;
    const errors = { 404: zod.UpdateSession404Response };
    return sent<any>(url, 'PUT', zod.UpdateSessionBody.parse({ pageId }), zod.UpdateSession200Response, errors);
  },
});
