// wxlogind and a simulated WeChat.
import { start } from '../compare/processes.mjs';
import * as compared from '../compare/servers.mjs';

// Takes half of the server's core: so that this is what bounds it, and not the core that the load and the simulator
// share.
const neighbour = (at) => start(['sh', '-c', 'while :; do :; done'], { core: at.serverCore, log: '/dev/null', ready: () => true });

export async function startBoth(at, { latency, connections, shares = false }) {
  const sim = await compared.simulator(at, 'wechat', ['--latency', latency]);
  const server = await compared.wxlogind(at, sim, { name: 'overload', wechatConnections: connections, queueTime: 5 });
  const other = shares ? await neighbour(at) : undefined;
  return {
    target: server.target,
    internal: server.internal,
    // To the simulator; null takes all back.
    async order(path, what) {
      const reply = await fetch(`http://${sim.control}${path}`,
        what === null ? { method: 'DELETE' } : { method: 'POST', body: JSON.stringify(what) });
      if (!reply.ok) throw new Error(`the simulator, ${path}: ${reply.status}`);
    },
    async stop() {
      await other?.stop();
      await server.stop();
      await sim.stop();
    },
  };
}
