import { Configuration, EngagementApi, ModelErrorFromJSON, ResponseError } from '../openapi/typescript_fetch';
import { ACCOUNT, CALL, Outcome, play } from './asking';

const at = (base: string) => new EngagementApi(new Configuration({ basePath: base }));

async function outcome<Reply>(sent: Promise<{ raw: Response; value(): Promise<Reply> }>): Promise<Outcome<Reply>> {
  try {
    const answer = await sent;
    return { status: answer.raw.status, reply: await answer.value() };
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return { status: error.response.status, error: ModelErrorFromJSON(await error.response.json()) };
  }
}

play({
  getEngagement: (base) =>
    outcome(at(base).getEngagementRaw({ accountId: ACCOUNT, getEngagementRequest: CALL })),
  createFirstSession: (base) =>
    outcome(
      at(base).createFirstSessionRaw({ accountId: ACCOUNT, v: '1.0', createSessionRequest: { appType: 'MSDK' } }),
    ),
  updateSession: (base, { visitorId, sessionId, pageId }) =>
    outcome(
      at(base).updateSessionRaw({
        accountId: ACCOUNT, visitorId, sid: sessionId, v: '1.0', updateSessionRequest: { pageId },
      }),
    ),
});
