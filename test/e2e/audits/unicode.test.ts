import { testAnyText } from "../support/any-text.ts";
import { startProduct } from "../support/product.ts";

testAnyText(await startProduct());
