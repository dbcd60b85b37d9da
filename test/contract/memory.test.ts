import { memoryStores } from "../support/memory/stores.ts";
import { describeStoreContracts } from "./store-contracts.ts";

describeStoreContracts("memory", async () => ({ ...memoryStores(), close: async () => undefined }));
