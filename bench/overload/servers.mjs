// wxlogind and a simulated WeChat.
import * as compared from '../compare/servers.mjs';

export async function startBoth(at, { latency, connections }) {
  const sim = await compared.simulator(at, 'wechat', ['--latency', latency]);
  const server = await compared.wxlogind(at, sim, { name: 'overload', wechatConnections: connections, queueTime: 5 });
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
      await server.stop();
      await sim.stop();
    },
  };
}
