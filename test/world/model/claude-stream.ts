const SESSION = { session_id: "11111111-2222-3333-4444-555555555555", uuid: "u" };

/** What ends a run, over the usual success. */
export type ResultOver = Readonly<Record<string, unknown>>;

/** The lines that Claude Code writes for one answer. */
export function claudeStream(
  text: string,
  {
    result,
    thinking,
    stop = "end_turn",
  }: { result?: ResultOver; thinking?: string; stop?: string } = {},
): string[] {
  const model = "claude-sonnet-5-5";
  const usage = {
    input_tokens: 40,
    cache_creation_input_tokens: 5,
    cache_read_input_tokens: 60,
    output_tokens: 17,
    service_tier: "standard",
  };
  const deltas = [
    ...(thinking ? [{ type: "thinking_delta", thinking }] : []),
    ...(text ? [text.slice(0, 3), text.slice(3)] : [])
      .filter((part) => part !== "")
      .map((part) => ({ type: "text_delta", text: part })),
  ];
  return [
    {
      type: "system",
      subtype: "init",
      cwd: "/tmp",
      tools: [],
      mcp_servers: [],
      model,
      permissionMode: "default",
      apiKeySource: "none",
    },
    {
      type: "stream_event",
      event: { type: "message_start", message: { model, content: [], usage } },
    },
    ...deltas.map((delta) => ({
      type: "stream_event",
      event: { type: "content_block_delta", index: 0, delta },
      parent_tool_use_id: null,
    })),
    {
      type: "assistant",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model,
        content: [{ type: "text", text }],
        stop_reason: null,
        usage,
      },
      parent_tool_use_id: null,
    },
    {
      type: "stream_event",
      event: { type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage },
    },
    { type: "rate_limit_event", rate_limit_info: { status: "allowed" } },
    {
      type: "result",
      subtype: "success",
      is_error: false,
      duration_ms: 1500,
      duration_api_ms: 1400,
      num_turns: 1,
      result: text,
      total_cost_usd: 0.0123456,
      usage,
      modelUsage: {},
      permission_denials: [],
      ...result,
    },
  ].map((event) => JSON.stringify({ ...event, ...SESSION }));
}

/** The lines for an answer that is an error of the API. */
export function claudeError(text: string, error?: string): string[] {
  const message = {
    model: "<synthetic>",
    role: "assistant",
    stop_reason: "stop_sequence",
    content: [{ type: "text", text }],
  };
  return [
    { type: "assistant", message, ...(error && { error }), ...SESSION },
    {
      type: "result",
      subtype: "success",
      is_error: true,
      num_turns: 1,
      result: text,
      total_cost_usd: 0,
      usage: {},
      ...SESSION,
    },
  ].map((event) => JSON.stringify(event));
}
