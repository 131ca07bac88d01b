// The page /docs: Swagger UI on this server's own document.
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
