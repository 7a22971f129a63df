/** Time since now, for people. */
export function stopwatch(): () => string {
  const begun = performance.now()
  return () => `${Math.max(1, Math.round(performance.now() - begun))} ms`
}
