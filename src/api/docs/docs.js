// The page /docs: Swagger UI on this server's own document, dark where the person wants it dark.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

window.addEventListener('load', () => {
  SwaggerUIBundle({
    dom_id: '#interface',
    url: '/openapi.json',
    deepLinking: true,
    persistAuthorization: false,
    tryItOutEnabled: true,
    validatorUrl: null, // nothing is asked of anybody else
    presets: [SwaggerUIBundle.presets.apis],
  });
});
