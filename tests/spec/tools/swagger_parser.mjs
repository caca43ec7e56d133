// Reads each document with swagger-parser, which checks it against the JSON Schema of OpenAPI.
import SwaggerParser from '@apidevtools/swagger-parser';

for (const path of process.argv.slice(2)) await SwaggerParser.validate(path);
