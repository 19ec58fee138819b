// The thread that lays graphs out, so that the page stays quick meanwhile.
import {readGraphText} from "../asl/definition.ts";
import {layoutGraph} from "./layout.ts";
import type {Picture} from "./geometry.ts";

export interface LayoutRequest {
  id: number;
  definition: string;
}
export interface LayoutAnswer {
  id: number;
  picture: Picture | null;  // null: no JSON, nothing to draw
}

addEventListener("message", (event: MessageEvent<LayoutRequest>) => {
  const {id, definition} = event.data;
  const graph = readGraphText(definition);
  const answer: LayoutAnswer = {id, picture: graph ? layoutGraph(graph) : null};
  (self as unknown as {postMessage: (answer: LayoutAnswer) => void}).postMessage(answer);
});
