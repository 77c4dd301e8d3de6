// Runs before the first paint, so that no page flashes in the wrong colours.
(() => {
  const chosen = localStorage.getItem('afina.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
