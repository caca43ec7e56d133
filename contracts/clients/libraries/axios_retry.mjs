// One call through axios with axios-retry as it comes.
import axios from 'axios';
import axiosRetry from 'axios-retry';

const { ENGAGEMENT_URL, ENGAGEMENT_ACCOUNT } = process.env;
axiosRetry(axios);
try {
  const url = `${ENGAGEMENT_URL}/api/account/${ENGAGEMENT_ACCOUNT}/app/engagement/visitors/?v=1.0`;
  const reply = await axios.post(url, { appType: 'EXTERNAL' });
  console.log(JSON.stringify({ status: reply.status }));
} catch (error) {
  console.log(JSON.stringify({ failed: error.message }));
}
