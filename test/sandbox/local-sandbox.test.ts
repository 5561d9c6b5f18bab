import { sandboxContract } from "../contracts/sandbox.contract.ts";
import { createLocalSandbox } from "../fakes/local-sandbox.ts";
import { smallCheckout } from "./small-repository.ts";

const sandbox = createLocalSandbox(smallCheckout);

sandboxContract("the sandbox without walls", () => sandbox);
