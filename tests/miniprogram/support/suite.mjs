// A suite with the real programs: they run while it does, and every test has a phone of a new user.
import { after, before, beforeEach } from "node:test";
import { Deployment } from "./deployment.mjs";

// Calls `take(deployment, phone)` before each test of the suite that this is called in.
export function deployEach(take) {
  let deployment;
  let users = 0;
  before(async () => {
    deployment = await Deployment.start();
  });
  beforeEach(async () => {
    await deployment.clearFaults();
    take(deployment, deployment.phone(`user${++users}`));
  });
  after(() => deployment?.end());
}
