// Adds up how much of the page moved by itself since it was opened, as a share of the window: 0 when nothing jumped away under a finger.
() =>
  new Promise((tell) => {
    const moved = (list) => list.getEntries().reduce((sum, shift) => sum + (shift.hadRecentInput ? 0 : shift.value), 0);
    new PerformanceObserver((list) => tell(moved(list))).observe({ type: "layout-shift", buffered: true });
    // Without any shift the observer is never called.
    requestAnimationFrame(() => setTimeout(() => tell(0)));
  });
