import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, so that none of them is begun last and runs alone while the other core waits. */
const long =
  /test\/(start|stop|schedule|cli|ops\/packaging|browser\/(pages|data|upload)|publishing\/(publish|restatements)|robust\/(two-starts|disk-full)|kill\/kill|indicators\/indicators|server\/(main|several|snapshot)|real\/(api|chicago)|loading\/(compact|load|correctness)|demo\/demo)\.test\.ts$/;

/** Long files first; the others as the runner would. */
export default class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = sorted.filter(({ moduleId }) => long.test(moduleId));
    return [...first, ...sorted.filter((file) => !first.includes(file))];
  }
}
